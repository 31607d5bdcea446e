/** How a step changes the capacity. */
export type AdjustmentType = "ChangeInCapacity" | "PercentChangeInCapacity" | "ExactCapacity";

/** One step: its bounds are relative to the alarm's threshold; undefined is infinite. */
export interface Step {
  readonly lowerBound: number | undefined;
  readonly upperBound: number | undefined;
  readonly adjustment: number;
}

/** A step scaling policy. */
export interface StepScaling {
  readonly adjustmentType: AdjustmentType;
  readonly steps: readonly Step[];
  /** Smallest change of PercentChangeInCapacity. */
  readonly minAdjustmentMagnitude: number;
  /** Seconds. */
  readonly cooldown: number;
}

/**
 * The capacity that a step scaling policy asks for; undefined if no step holds.
 *
 * @param breach metric minus threshold
 * @param capacity the current capacity
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
 */
export function stepCapacity(policy: StepScaling, breach: number, capacity: number): number | undefined {
  const step = policy.steps.find(({ lowerBound = -Infinity, upperBound = Infinity }) =>
    // At and above the threshold the lower bound is inclusive; below it, the upper bound.
    breach >= 0 ? breach >= lowerBound && breach < upperBound : breach > lowerBound && breach <= upperBound,
  );
  if (!step) return undefined;
  if (policy.adjustmentType === "ExactCapacity") return step.adjustment;
  if (policy.adjustmentType === "ChangeInCapacity") return capacity + step.adjustment;
  const change = rounded((capacity * step.adjustment) / 100);
  return capacity + Math.sign(change) * Math.max(Math.abs(change), change === 0 ? 0 : policy.minAdjustmentMagnitude);
}

/** AWS rounds towards zero, but a change below one to a whole one. */
function rounded(change: number): number {
  return Math.abs(change) < 1 ? Math.sign(change) : Math.trunc(change);
}
