import { expect } from "chai";
import { nextState } from "../../../../commands/simulate/aws/alarm.js";
import { metricMath, MetricMathError, type Series } from "../../../../commands/simulate/aws/metricMath.js";

function evaluate(expression: string, series: Readonly<Record<string, Series>>): Series {
  return metricMath(expression)(new Map(Object.entries(series)));
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
describe("metricMath: AWS's examples", () => {
  const compared = { metric1: [30, 20, 0, 0], metric2: [20, undefined, 20, undefined] };

  for (const [expression, expected] of [
    ["(metric1 < metric2)", [0, 0, 1, 0]],
    ["(metric1 >= 30)", [1, 0, 0, 0]],
    ["(metric1 > 15 AND metric2 > 15)", [1, 0, 0, 0]],
  ] as const) {
    it(expression, () => {
      expect(evaluate(expression, compared)).to.deep.equal(expected);
    });
  }

  const branched = {
    metric1: [1, 1, 0, 0, undefined],
    metric2: [30, undefined, 0, 0, 30],
    metric3: [0, 0, 20, undefined, 20],
  };

  for (const [expression, expected] of [
    ["IF(metric1, metric2, metric3)", [30, 0, 20, undefined, undefined]],
    ["IF(metric1, 5, metric3)", [5, 5, 20, undefined, undefined]],
    ["IF(metric1, metric2, 5)", [30, 0, 5, 5, undefined]],
  ] as const) {
    it(expression, () => {
      expect(evaluate(expression, branched)).to.deep.equal(expected);
    });
  }

  it("keeps low values, or two values for low and high ones", () => {
    const latency = { metric1: [100, 400, 300] };

    expect(evaluate("IF(metric1<400, metric1)", latency)).to.deep.equal([100, undefined, 300]);
    expect(evaluate("IF(metric1<400, 10, 2)", latency)).to.deep.equal([10, 2, 10]);
  });

  it("fills with a number, another series, or the value before", () => {
    const sparse = { m1: [1, undefined, 3, undefined], m2: [9, 8, 7, 6] };

    expect(evaluate("FILL(m1,10)", sparse)).to.deep.equal([1, 10, 3, 10]);
    expect(evaluate("FILL(m1, m2)", sparse)).to.deep.equal([1, 8, 3, 6]);
    expect(evaluate("FILL(m1, REPEAT)", sparse)).to.deep.equal([1, 1, 3, 3]);
  });

  it("calculates by precedence, treats one missing value of two as 0, and drops a division by zero", () => {
    const series = { a: [6, undefined, 4], b: [3, 2, 0] };

    expect(evaluate("a+b*2", series)).to.deep.equal([12, 4, 4]);
    expect(evaluate("(a+b)/b", series)).to.deep.equal([3, 1, undefined]);
    expect(evaluate("-a*2", series)).to.deep.equal([-12, undefined, -8]);
    expect(evaluate("a>5 OR b==2 && a!=0", series)).to.deep.equal([1, 0, 0]);
  });

  for (const expression of ["IF(m1", "AVG(m1)", "m1 +", "m1 ? 2", "1+1", "M1"]) {
    it(`refuses ${expression}`, () => {
      expect(() => evaluate(expression, { m1: [1] })).to.throw(MetricMathError);
    });
  }
});

describe("An alarm on idle minutes whose metrics arrive late", () => {
  const idle = { evaluationPeriods: 3, datapointsToAlarm: 3, threshold: 1, treatMissingData: "notBreaching" } as const;
  const rule = { ...idle, comparison: "GreaterThanOrEqualToThreshold" } as const;
  const ON_TIME: Series = [0, 0, 0, 0, 0];
  const LATE: Series = [0, 0, 0, 0, undefined];

  const stateOf = (expression: string, backlog: Series, gpu: Series): string =>
    nextState(rule, evaluate(expression, { backlog, gpu }), "OK");

  it("never goes off with FILL, as AWS warns, nor with AND, where one of them is late", () => {
    expect(stateOf("IF(FILL(backlog,1)==0 AND gpu<5,1,0)", ON_TIME, ON_TIME)).to.equal("ALARM");
    expect(stateOf("IF(FILL(backlog,1)==0 AND gpu<5,1,0)", LATE, LATE)).to.equal("OK");
    expect(stateOf("IF(FILL(backlog,1)==0 AND gpu<5,1,0)", ON_TIME, LATE)).to.equal("OK");
  });

  const PLANNED = "IF(backlog>0,0,IF(gpu>=5,0,1))";

  for (const [backlog, gpu, expected] of [
    [ON_TIME, ON_TIME, "ALARM"],
    [LATE, LATE, "ALARM"],
    [ON_TIME, LATE, "ALARM"],
    [LATE, ON_TIME, "ALARM"],
    [[0, 0, 0, 0, 1], LATE, "OK"],
    [ON_TIME, [0, 0, 0, 0, 90], "OK"],
    [ON_TIME, [0, 0, 90, 0, 0], "OK"],
  ] as const) {
    it(`of the program: backlog ${backlog.join(" ")}, GPU ${gpu.join(" ")} is ${expected}`, () => {
      expect(stateOf(PLANNED, backlog, gpu)).to.equal(expected);
    });
  }

  it("ends at once when requests wait without an instance, although the last data points were idle", () => {
    expect(stateOf(PLANNED, [0, 0, 0, 0, 1], [0, 0, 0, undefined, undefined])).to.equal("OK");
  });
});
