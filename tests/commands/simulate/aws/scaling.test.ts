import { expect } from "chai";
import { nextState } from "../../../../commands/simulate/aws/alarm.js";
import { ScalableTarget, type CapacityRequest } from "../../../../commands/simulate/aws/scalableTarget.js";
import { ScheduleError, runsAt, weeklySchedule } from "../../../../commands/simulate/aws/schedule.js";
import { stepCapacity, type Step, type StepScaling } from "../../../../commands/simulate/aws/stepScaling.js";
import { trackedCapacity, trackingAlarms } from "../../../../commands/simulate/aws/targetTracking.js";

function percent(steps: readonly Step[], minAdjustmentMagnitude = 1): StepScaling {
  return { adjustmentType: "PercentChangeInCapacity", steps, minAdjustmentMagnitude, cooldown: 300 };
}

/** @see https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html */
describe("stepCapacity: AWS's example with a threshold of 50 %", () => {
  const out = percent([
    { lowerBound: 0, upperBound: 10, adjustment: 0 },
    { lowerBound: 10, upperBound: 20, adjustment: 10 },
    { lowerBound: 20, upperBound: undefined, adjustment: 30 },
  ]);
  const into = percent([
    { lowerBound: -10, upperBound: 0, adjustment: 0 },
    { lowerBound: -20, upperBound: -10, adjustment: -10 },
    { lowerBound: undefined, upperBound: -20, adjustment: -30 },
  ]);

  for (const [policy, metric, capacity, expected] of [
    [out, 55, 10, 10],
    [out, 60, 10, 11],
    [out, 70, 11, 14],
    [into, 45, 14, 14],
    [into, 40, 14, 13],
    [into, 30, 13, 10],
  ] as const) {
    it(`makes ${capacity} at ${metric} % to ${expected}`, () => {
      expect(stepCapacity(policy, metric - 50, capacity)).to.equal(expected);
    });
  }

  for (const [change, capacity, expected] of [
    [12.7, 100, 112],
    [0.67, 100, 101],
    [-0.58, 100, 99],
    [-6.67, 100, 94],
  ] as const) {
    it(`rounds a change of ${change} as AWS does`, () => {
      const policy = percent([{ lowerBound: 0, upperBound: undefined, adjustment: change }]);

      expect(stepCapacity(policy, 1, capacity)).to.equal(expected);
    });
  }

  it("changes by the least magnitude: 25 % of 4, but at least 2", () => {
    const policy = percent([{ lowerBound: 0, upperBound: undefined, adjustment: 25 }], 2);

    expect(stepCapacity(policy, 1, 4)).to.equal(6);
  });

  it("adds and sets: 3 and 5 is 8, or exactly 5", () => {
    const steps = [{ lowerBound: 0, upperBound: undefined, adjustment: 5 }];

    expect(stepCapacity({ ...percent(steps), adjustmentType: "ChangeInCapacity" }, 0, 3)).to.equal(8);
    expect(stepCapacity({ ...percent(steps), adjustmentType: "ExactCapacity" }, 0, 3)).to.equal(5);
  });

  it("has no answer where no step holds", () => {
    expect(stepCapacity(percent([{ lowerBound: 0, upperBound: 10, adjustment: 10 }]), 10, 3)).to.equal(undefined);
  });
});

function asks(policy: string, change: number, cooldown = 300): CapacityRequest {
  return {
    policy,
    capacityOf: (current) => current + change,
    scaleOutCooldown: cooldown,
    scaleInCooldown: cooldown,
  };
}

describe("ScalableTarget: AWS's rules of cooldowns and of several policies", () => {
  it("adds only 1 more for a step of 3 in the cooldown of a step of 2", () => {
    const target = new ScalableTarget(0, 20, 4);

    target.handle([asks("a", 2)], 0);
    expect(target.desired).to.equal(6);
    target.handle([asks("a", 2)], 60);
    expect(target.desired).to.equal(6);
    target.handle([asks("a", 3)], 120);
    expect(target.desired).to.equal(7);
  });

  it("scales out again after the cooldown", () => {
    const target = new ScalableTarget(0, 20, 0);

    target.handle([asks("a", 1)], 0);
    target.handle([asks("a", 1)], 299);
    expect(target.desired).to.equal(1);
    target.handle([asks("a", 1)], 300);
    expect(target.desired).to.equal(2);
  });

  it("blocks a scale-in until the cooldown of the last is over", () => {
    const target = new ScalableTarget(0, 20, 5);

    target.handle([asks("b", -1)], 0);
    target.handle([asks("b", -1)], 299);
    expect(target.desired).to.equal(4);
    target.handle([asks("b", -1)], 300);
    expect(target.desired).to.equal(3);
  });

  it("scales out at once in the cooldown of a scale-in, which ends with it", () => {
    const target = new ScalableTarget(0, 20, 5);

    target.handle([asks("b", -1)], 0);
    target.handle([asks("a", 2)], 60);
    expect(target.desired).to.equal(6);
    target.handle([asks("b", -1)], 120);
    expect(target.desired).to.equal(5);
  });

  it("takes the largest capacity of several policies, and out before in", () => {
    const target = new ScalableTarget(0, 20, 5);

    target.handle([asks("a", -3), asks("b", -1)], 0);
    expect(target.desired).to.equal(4);
    target.handle([asks("c", 1), asks("d", 4), asks("a", -3)], 600);
    expect(target.desired).to.equal(8);
  });

  it("stays within its bounds, which a scheduled action moves at once, in a cooldown too", () => {
    const target = new ScalableTarget(0, 4, 0);

    target.handle([asks("a", 9)], 0);
    expect(target.desired).to.equal(4);
    target.setBounds(6, 8);
    expect(target.desired).to.equal(6);
    target.handle([{ ...asks("rest", 0), capacityOf: () => 0 }], 60);
    expect(target.desired).to.equal(6);
    target.setBounds(0, undefined);
    target.handle([{ ...asks("rest", 0), capacityOf: () => 0 }], 120);
    expect(target.desired).to.equal(0);
  });

  it("begins the cooldown with the completion, if it is told so", () => {
    const target = new ScalableTarget(0, 20, 0);

    target.handle([asks("a", 1)], 0);
    target.completed(700);
    target.handle([asks("a", 1)], 900);
    expect(target.desired).to.equal(1);
    target.handle([asks("a", 1)], 1_000);
    expect(target.desired).to.equal(2);
  });
});

/** @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html */
describe("Target tracking", () => {
  it("sets the capacity in proportion to the metric, rounded up", () => {
    expect(trackedCapacity(5, 10, 1)).to.equal(2);
    expect(trackedCapacity(5, 11, 1)).to.equal(3);
    expect(trackedCapacity(5, 5, 3)).to.equal(3);
    expect(trackedCapacity(5, 12, 0)).to.equal(3);
  });

  it("scales out after three minutes above the target, and in after fifteen below 90 % of it", () => {
    const { high, low } = trackingAlarms({
      targetValue: 5,
      disableScaleIn: false,
      scaleOutCooldown: 300,
      scaleInCooldown: 300,
    });

    expect(nextState(high, [0, 0, 5.1, 6, 7], "OK")).to.equal("ALARM");
    expect(nextState(high, [0, 0, 5, 6, 7], "OK")).to.equal("OK");
    expect(
      nextState(
        low,
        Array.from({ length: 17 }, () => 4.4),
        "OK",
      ),
    ).to.equal("ALARM");
    expect(
      nextState(
        low,
        Array.from({ length: 17 }, () => 4.6),
        "OK",
      ),
    ).to.equal("OK");
    expect(
      nextState(
        low,
        Array.from({ length: 17 }, () => undefined),
        "OK",
      ),
    ).to.equal("INSUFFICIENT_DATA");
  });
});

describe("weeklySchedule", () => {
  it("reads days, hours and minutes", () => {
    const schedule = weeklySchedule("cron(0 8-9 ? * MON,WED-THU *)");

    const minutes = [...schedule].sort((a, b) => a - b);
    expect(minutes).to.deep.equal([480, 540, 2 * 1_440 + 480, 2 * 1_440 + 540, 3 * 1_440 + 480, 3 * 1_440 + 540]);
    expect(runsAt(schedule, 7 * 1_440 + 480)).to.equal(true);
    expect(runsAt(schedule, 481)).to.equal(false);
  });

  for (const expression of ["rate(1 hour)", "cron(0 8 1 * ? *)", "cron(0 8 ? * MON#1 *)", "cron(*/5 8 ? * MON *)"]) {
    it(`refuses ${expression}`, () => {
      expect(() => weeklySchedule(expression)).to.throw(ScheduleError);
    });
  }
});
