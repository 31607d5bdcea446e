import type { AlarmRule } from "./alarm.js";

/** A target tracking policy. */
export interface TargetTracking {
  readonly targetValue: number;
  readonly disableScaleIn: boolean;
  /** Seconds. */
  readonly scaleOutCooldown: number;
  /** Seconds. */
  readonly scaleInCooldown: number;
}

/**
 * The alarms that Application Auto Scaling creates for a target tracking policy: above the target for three minutes, and
 * below 90 % of it for fifteen.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
export function trackingAlarms({ targetValue }: TargetTracking): { readonly high: AlarmRule; readonly low: AlarmRule } {
  return {
    high: {
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      threshold: targetValue,
      comparison: "GreaterThanThreshold",
      treatMissingData: "missing",
    },
    low: {
      evaluationPeriods: 15,
      datapointsToAlarm: 15,
      threshold: targetValue * 0.9,
      comparison: "LessThanThreshold",
      treatMissingData: "missing",
    },
  };
}

/**
 * The capacity at which the metric would be at its target, if it is inversely proportional to the capacity. Rounded up, as
 * AWS acts conservatively.
 *
 * @param capacity the current capacity; 0 counts as 1, because no metric is a multiple of nothing
 */
export function trackedCapacity(targetValue: number, metric: number, capacity: number): number {
  return Math.ceil((Math.max(capacity, 1) * metric) / targetValue - 1e-9);
}
