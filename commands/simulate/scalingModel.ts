import type { AlarmRule } from "./aws/alarm.js";
import type { Schedule } from "./aws/schedule.js";
import type { StepScaling } from "./aws/stepScaling.js";
import type { TargetTracking } from "./aws/targetTracking.js";

/** Statistics that an alarm can take of a metric. */
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount";

/** One metric of an alarm. */
export interface MetricQuery {
  /** The id that an expression uses. */
  readonly id: string;
  readonly metricName: string;
  readonly statistic: Statistic;
}

/** What an alarm watches: one metric, or an expression of several. */
export interface WatchedSeries {
  readonly queries: readonly MetricQuery[];
  /** Metric math; undefined for the only metric itself. */
  readonly expression: string | undefined;
  /** Length of a period in seconds, a multiple of 60. */
  readonly periodSeconds: number;
}

/** A scaling policy, and the alarm that triggers it. */
export interface ScalingPolicy {
  readonly name: string;
  readonly watched: WatchedSeries;
  readonly rule: AlarmRule;
  readonly step: StepScaling | undefined;
  /** With it, the rule is the one of its upper alarm. */
  readonly tracking: TargetTracking | undefined;
}

/** New bounds of the capacity at fixed times. */
export interface ScheduledBounds {
  readonly schedule: Schedule;
  readonly minCapacity: number | undefined;
  readonly maxCapacity: number | undefined;
}

/** How the number of instances of an endpoint changes. */
export interface ScalingModel {
  readonly name: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly policies: readonly ScalingPolicy[];
  readonly scheduled: readonly ScheduledBounds[];
}

/** The endpoint on which policies are compared. */
export interface EndpointModel {
  readonly instanceType: string;
  /** GPUs of one instance. */
  readonly gpus: number;
  /** Requests that one instance works on at a time. */
  readonly concurrency: number;
  /** US dollars an hour of one instance; undefined if its price is unknown. */
  readonly usdPerHour: number | undefined;
}
