import { expect } from "chai";
import {
  nextState,
  type AlarmRule,
  type AlarmState,
  type MissingData,
} from "../../../../commands/simulate/aws/alarm.js";

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const satisfies readonly MissingData[];

/** The state that the alarm has before, to see whether it is retained. */
const BEFORE: AlarmState = "OK";

const RETAINED = "retained";

function rule(datapointsToAlarm: number, treatMissingData: MissingData): AlarmRule {
  return {
    evaluationPeriods: 3,
    datapointsToAlarm,
    threshold: 1,
    comparison: "GreaterThanOrEqualToThreshold",
    treatMissingData,
  };
}

/** The data points of AWS's tables: 0 is within the threshold, X breaches it, - is missing. */
function points(text: string): (number | undefined)[] {
  return text.split(" ").map((one) => ({ "0": 0, X: 5 })[one]);
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe("nextState: AWS's examples of missing data", () => {
  for (const [needed, range, ...states] of [
    [3, "0 - X - X", "OK", "OK", "OK", "OK"],
    [3, "0 - - - -", "OK", "OK", "OK", "OK"],
    [3, "- - - - -", "INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"],
    [3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [3, "- - - - X", "INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"],
    [3, "X - - - -", "ALARM", RETAINED, "ALARM", "OK"],
    [2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0 - X - -", "OK", "OK", "ALARM", "OK"],
    [2, "- - - - 0", "OK", "OK", "ALARM", "OK"],
    [2, "- - - - X", "INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"],
  ] as const) {
    it(`${needed} of 3, ${range}`, () => {
      const found = TREATMENTS.map((treatment) => nextState(rule(needed, treatment), points(range), BEFORE));

      expect(found).to.deep.equal(states.map((state) => (state === RETAINED ? BEFORE : state)));
    });
  }

  it("retains an alarm too", () => {
    expect(nextState(rule(3, "ignore"), points("- - - - -"), "ALARM")).to.equal("ALARM");
  });

  it("follows AWS's picture of an alarm on three of three periods above 3", () => {
    const above = { ...rule(3, "missing"), threshold: 3, comparison: "GreaterThanThreshold" } as const;
    const values = [1, 2, 4, 5, 4, 2, 1, 2, 5, 2];

    const states = values.map((_, index) => nextState(above, values.slice(Math.max(index - 4, 0), index + 1), "OK"));

    // One or two values within the threshold are enough to be OK.
    expect(states.map((state) => state === "ALARM")).to.deep.equal(values.map((_, index) => index === 4));
  });

  for (const [comparison, expected] of [
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["GreaterThanThreshold", [false, false, true]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
    ["LessThanThreshold", [true, false, false]],
  ] as const) {
    it(`compares by ${comparison}`, () => {
      const one = { ...rule(1, "missing"), evaluationPeriods: 1, comparison };

      expect([0, 1, 2].map((value) => nextState(one, [value], "OK") === "ALARM")).to.deep.equal(expected);
    });
  }
});
