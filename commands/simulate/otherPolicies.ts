import type { AlarmRule, Comparison } from "./aws/alarm.js";
import type { ScalingModel, ScalingPolicy } from "./scalingModel.js";

/** Cooldown of AWS's example, in seconds. */
const COOLDOWN_SECONDS = 300;

/**
 * The plain policy: one instance more while requests wait without an instance, one less while they do not. Alarm and
 * cooldown are those of AWS's example for the way up.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export function plainScaling(maxCapacity: number): ScalingModel {
  return {
    name: "plain",
    minCapacity: 0,
    maxCapacity,
    policies: [step("plus", "GreaterThanOrEqualToThreshold", 1), step("minus", "LessThanThreshold", -1)],
    scheduled: [],
  };
}

/** The same number of instances all the time. */
export function fixedFleet(instances: number): ScalingModel {
  return { name: "fixed", minCapacity: instances, maxCapacity: instances, policies: [], scheduled: [] };
}

function step(name: string, comparison: Comparison, adjustment: number): ScalingPolicy {
  const rule: AlarmRule = {
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    threshold: 1,
    comparison,
    treatMissingData: "missing",
  };
  const bounds = adjustment > 0 ? { lowerBound: 0, upperBound: undefined } : { lowerBound: undefined, upperBound: 0 };
  return {
    name,
    watched: {
      queries: [{ id: "m", metricName: "HasBacklogWithoutCapacity", statistic: "Average" }],
      expression: undefined,
      periodSeconds: 60,
    },
    rule,
    step: {
      adjustmentType: "ChangeInCapacity",
      cooldown: COOLDOWN_SECONDS,
      minAdjustmentMagnitude: 1,
      steps: [{ ...bounds, adjustment }],
    },
    tracking: undefined,
  };
}
