import { expect } from "chai";
import { endpointModel } from "../../../commands/simulate/comparePolicies.js";
import { plannedScaling, UnreadablePlanError } from "../../../commands/simulate/plannedScaling.js";
import { planned } from "../../support/plannedStack.js";

const EVERYTHING = {
  minCapacity: "0",
  maxCapacity: "7",
  backlogPerInstance: "9",
  stepDownMinutes: "60",
  workHours: "Mon-Fri 8-18 Europe/Berlin",
  instanceType: "ml.g5.12xlarge",
  maxConcurrentInvocations: "6",
};

describe("plannedScaling", () => {
  it("reads bounds, policies, their alarms and the working hours from the plan", async () => {
    const { resources, one } = await planned("default", EVERYTHING);

    const model = plannedScaling(resources);

    expect(model).to.deep.include({ minCapacity: 0, maxCapacity: 7 });
    const byEnd = new Map(model.policies.map((policy) => [policy.name.split("default-")[1], policy]));
    expect([...byEnd.keys()]).to.have.members(["wake", "grow", "rest", "step-down"]);
    const alarm = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-rest-alarm").inputs;
    expect(byEnd.get("rest")?.rule).to.deep.include({
      evaluationPeriods: alarm["evaluationPeriods"],
      datapointsToAlarm: alarm["datapointsToAlarm"],
      treatMissingData: alarm["treatMissingData"],
    });
    expect(byEnd.get("rest")?.watched.expression).to.equal("IF(backlog>0,0,IF(gpu>=5,0,1))");
    expect(byEnd.get("rest")?.step).to.deep.include({ adjustmentType: "ExactCapacity", cooldown: 600 });
    expect(byEnd.get("wake")?.watched.queries).to.deep.equal([
      { id: "m", metricName: "HasBacklogWithoutCapacity", statistic: "Maximum" },
    ]);
    expect(byEnd.get("grow")?.tracking).to.deep.include({
      targetValue: 9,
      disableScaleIn: true,
      scaleOutCooldown: 900,
    });
    expect(byEnd.get("step-down")?.watched.periodSeconds).to.equal(300);
    expect(model.scheduled.map(({ schedule, minCapacity }) => [schedule.size, minCapacity])).to.deep.equal([
      [50, 1],
      [5, 0],
    ]);
  });

  it("reads the instance type, its GPUs and price, and the concurrency", async () => {
    const { resources } = await planned("default", EVERYTHING);

    expect(endpointModel(resources)).to.deep.equal({
      instanceType: "ml.g5.12xlarge",
      gpus: 4,
      concurrency: 6,
      usdPerHour: 7.09,
    });
  });

  it("is one fixed instance without autoscaling", async () => {
    const { resources } = await planned("default", { enableAutoscaling: "false" });

    expect(plannedScaling(resources)).to.deep.include({ minCapacity: 1, maxCapacity: 1, policies: [] });
  });

  it("refuses a policy that no alarm triggers", async () => {
    const { resources } = await planned("default", EVERYTHING);
    const rest = resources.filter(({ name }) => !name.endsWith("-rest-alarm"));

    expect(() => plannedScaling(rest)).to.throw(UnreadablePlanError, "0 alarms trigger");
  });
});
