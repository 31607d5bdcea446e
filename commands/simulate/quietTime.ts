import { UsageError } from "../command.js";
import type { ScalingModel, ScalingPolicy } from "./scalingModel.js";

/**
 * A scaling model with another quiet time before the way down: how long nothing may wait and no GPU may work until the
 * number of instances goes back to the minimum.
 *
 * @throws UsageError where the model has no such policy
 */
export function withQuietTime(model: ScalingModel, minutes: number): ScalingModel {
  const policies = model.policies.map((policy) => (isWayDown(policy) ? quiet(policy, minutes) : policy));
  if (policies.every((policy, index) => policy === model.policies[index])) {
    throw new UsageError(`the ${model.name} policies have no way down whose quiet time could be changed.`);
  }
  return { ...model, name: `quiet ${minutes}`, policies };
}

/** The policy that waits until no GPU works. */
function isWayDown({ step, watched }: ScalingPolicy): boolean {
  return (
    step?.adjustmentType === "ExactCapacity" &&
    watched.queries.some(({ metricName }) => metricName === "GPUUtilization")
  );
}

/** The periods of its alarm are those of the plan. */
function quiet(policy: ScalingPolicy, minutes: number): ScalingPolicy {
  const periods = Math.ceil((minutes * 60) / policy.watched.periodSeconds);
  return { ...policy, rule: { ...policy.rule, evaluationPeriods: periods, datapointsToAlarm: periods } };
}
