import { expect } from "chai";
import { idleQueries } from "../../../components/endpoint/endpointScaling.js";
import { planned, type PlannedStack } from "../../support/plannedStack.js";

const POLICY = "aws:appautoscaling/policy:Policy";
const TARGET = "aws:appautoscaling/target:Target";

function policies(stack: PlannedStack): string[] {
  return stack.all(POLICY).map(({ name }) => name.split("-").at(-1) ?? "");
}

describe("EndpointScaling", () => {
  it("registers the production variant with its bounds", async () => {
    const { one } = await planned("prod");

    expect(one(TARGET).inputs).to.deep.include({
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId: "endpoint/prod-protein-agent-endpoint/variant/AllTraffic",
      minCapacity: 1,
      maxCapacity: 10,
    });
  });

  for (const [min, max, expected] of [
    ["0", "1", ["wake", "rest"]],
    ["0", "4", ["wake", "grow", "rest"]],
    ["1", "2", ["grow", "rest"]],
    ["1", "1", []],
    ["3", "3", []],
  ] as const) {
    it(`needs ${expected.join(", ") || "no policy"} from ${min} to ${max} instances`, async () => {
      const stack = await planned("default", { minCapacity: min, maxCapacity: max });

      expect(policies(stack)).to.have.members([...expected]);
      expect(stack.all(TARGET)).to.have.length(1);
    });
  }

  it("registers nothing without autoscaling", async () => {
    const stack = await planned("default", { enableAutoscaling: "false" });

    expect(stack.all(TARGET)).to.deep.equal([]);
    expect(stack.all(POLICY)).to.deep.equal([]);
    expect(stack.resources.map(({ name }) => name).filter((name) => /-(wake|rest)-alarm$/.test(name))).to.deep.equal(
      [],
    );
  });

  it("starts exactly one instance after one minute of waiting requests", async () => {
    const { one } = await planned("dev");

    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-wake-alarm").inputs;
    const policy = one(POLICY, "-wake").inputs;

    expect(alarm).to.deep.include({
      namespace: "AWS/SageMaker",
      metricName: "HasBacklogWithoutCapacity",
      dimensions: { EndpointName: "dev-protein-agent-endpoint" },
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    expect(policy["stepScalingPolicyConfiguration"]).to.deep.include({
      adjustmentType: "ExactCapacity",
      cooldown: 300,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    });
  });

  it("scales out by the backlog per instance, and never scales in by it", async () => {
    const { one } = await planned("default", { backlogPerInstance: "9" });

    const tracking = one(POLICY, "-grow").inputs["targetTrackingScalingPolicyConfiguration"];

    // The cooldown is longer than a start, see docs/scaling.md.
    expect(tracking).to.deep.include({ targetValue: 9, disableScaleIn: true, scaleOutCooldown: 900 });
    expect(tracking)
      .to.have.property("customizedMetricSpecification")
      .that.deep.includes({
        metricName: "ApproximateBacklogSizePerInstance",
        dimensions: [{ name: "EndpointName", value: "protein-agent-default-endpoint" }],
      });
  });

  it("scales in to minCapacity after three idle minutes, and a missing metric does not count as idle", async () => {
    const { one } = await planned();

    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-rest-alarm").inputs;
    const policy = one(POLICY, "-rest").inputs;

    expect(alarm).to.deep.include({
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: "notBreaching",
      threshold: 1,
    });
    expect(alarm).to.not.have.any.keys("metricName", "namespace", "period", "statistic");
    expect(policy["stepScalingPolicyConfiguration"]).to.deep.include({
      adjustmentType: "ExactCapacity",
      cooldown: 600,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    });
  });

  it("lets each alarm trigger its own policy and nothing else", async () => {
    const { all } = await planned("default", { minCapacity: "0", maxCapacity: "4" });

    const actions = all("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ name }) => /-(wake|rest)-alarm$/.test(name))
      .map(({ inputs }) => inputs["alarmActions"] as string[]);

    expect(actions).to.have.length(2);
    expect(actions[0]).to.have.length(1);
    expect(actions[0]).to.not.deep.equal(actions[1]);
    // A composite alarm cannot trigger scaling.
    const composite = all("aws:cloudwatch/compositeAlarm:CompositeAlarm").flatMap(
      ({ inputs }) => inputs["alarmActions"],
    );
    expect(composite).to.not.include.members(actions.flat());
    expect(composite.every((action) => String(action).startsWith("arn:aws:sns:"))).to.equal(true);
  });
});

describe("idleQueries", () => {
  it("asks for the queue and the GPUs, and returns only whether both are idle", () => {
    const queries = idleQueries("endpoint");

    const returned = queries.map((query) => (query as { id: string; returnData: boolean }).returnData);
    expect(returned).to.deep.equal([false, false, true]);
    expect(queries.at(-1)).to.have.property("expression", "IF(backlog>0,0,IF(gpu>=5,0,1))");
    expect(queries[1]).to.have.nested.property("metric.namespace", "/aws/sagemaker/Endpoints");
  });
});
