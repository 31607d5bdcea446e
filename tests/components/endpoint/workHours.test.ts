import { expect } from "chai";
import { planned, type PlannedStack } from "../../support/plannedStack.js";

const ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction";

function actions(stack: PlannedStack): readonly Record<string, unknown>[] {
  return stack.all(ACTION).map(({ inputs }) => inputs);
}

describe("workHours", () => {
  it("is off by default", async () => {
    expect(actions(await planned())).to.deep.equal([]);
  });

  it("raises the minimum at each working hour, and lowers it at the end, in the time zone", async () => {
    const stack = await planned("default", { minCapacity: "0", workHours: "Mon-Fri 8-18 Europe/Berlin" });

    const target = stack.one("aws:appautoscaling/target:Target").inputs;
    expect(actions(stack)).to.have.deep.members([
      {
        serviceNamespace: target["serviceNamespace"],
        scalableDimension: target["scalableDimension"],
        resourceId: target["resourceId"],
        schedule: "cron(0 8-17 ? * MON,TUE,WED,THU,FRI *)",
        timezone: "Europe/Berlin",
        scalableTargetAction: { minCapacity: 1 },
      },
      {
        serviceNamespace: target["serviceNamespace"],
        scalableDimension: target["scalableDimension"],
        resourceId: target["resourceId"],
        schedule: "cron(0 18 ? * MON,TUE,WED,THU,FRI *)",
        timezone: "Europe/Berlin",
        scalableTargetAction: { minCapacity: 0 },
      },
    ]);
  });

  it("ends at midnight of the next day, and takes another minimum", async () => {
    const stack = await planned("default", { workHours: "Mon,Sun 20-24", workHoursCapacity: "2" });

    expect(actions(stack).map(({ schedule, scalableTargetAction }) => [schedule, scalableTargetAction])).to.deep.equal([
      ["cron(0 20-23 ? * MON,SUN *)", { minCapacity: 2 }],
      ["cron(0 0 ? * TUE,MON *)", { minCapacity: 1 }],
    ]);
  });

  it("keeps a model version up only where the version asks for it, with its own number", async () => {
    const models = JSON.stringify([
      { name: "v2", modelId: "chandar-lab/AMPLIFY_120M", workHoursCapacity: 2 },
      { name: "v3", modelId: "chandar-lab/AMPLIFY_120M", maxCapacity: 1 },
    ]);
    const hours = { minCapacity: "0", workHours: "Mon-Fri 8-18", stepDownMinutes: "60", models };
    const stack = await planned("default", hours);

    const least = actions(stack).map(({ resourceId, scalableTargetAction }) => [
      String(resourceId).split("/")[1],
      (scalableTargetAction as { readonly minCapacity: number }).minCapacity,
    ]);
    expect(least).to.have.deep.members([
      ["protein-agent-default-endpoint", 1],
      ["protein-agent-default-endpoint", 0],
      ["protein-agent-default-model-v2-endpoint", 2],
      ["protein-agent-default-model-v2-endpoint", 0],
    ]);
    // Of one instance at most, none can be stopped.
    const policies = stack.all("aws:appautoscaling/policy:Policy").map(({ name }) => name);
    expect(policies.filter((name) => name.endsWith("-step-down"))).to.deep.equal([
      "protein-agent-default-step-down",
      "protein-agent-default-model-v2-step-down",
    ]);
  });

  it("keeps the policies that start the first instance and go back to the minimum outside of these hours", async () => {
    const stack = await planned("dev", { workHours: "Mon-Fri 8-18" });

    const names = stack.all("aws:appautoscaling/policy:Policy").map(({ name }) => name.split("-").at(-1));
    expect(names).to.have.members(["wake", "rest"]);
  });
});

describe("stepDownMinutes", () => {
  const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

  it("is off by default", async () => {
    const stack = await planned("default", { minCapacity: "0" });

    expect(stack.resources.filter(({ name }) => name.includes("step-down"))).to.deep.equal([]);
  });

  it("stops one instance after so many minutes in which one less had room for all requests", async () => {
    const { one } = await planned("default", { maxCapacity: "4", stepDownMinutes: "90" });

    const alarm = one(ALARM, "-step-down-alarm").inputs;
    expect(alarm).to.deep.include({
      evaluationPeriods: 18,
      datapointsToAlarm: 18,
      threshold: 1,
      treatMissingData: "notBreaching",
    });
    expect(alarm).to.have.nested.property(
      "metricQueries[2].expression",
      "IF(samples<10,0,IF(backlog>(samples/5-1)*4,0,1))",
    );
    expect(alarm).to.have.nested.property("metricQueries[0].metric.period", 300);
    expect(
      one("aws:appautoscaling/policy:Policy", "-step-down").inputs["stepScalingPolicyConfiguration"],
    ).to.deep.include({
      adjustmentType: "ChangeInCapacity",
      cooldown: 5_400,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: -1 }],
    });
  });
});
