import type { Input } from "@pulumi/pulumi";
import { queueMetric, type Metric } from "../shared/metrics.js";

/** What every alarm has. */
interface AlarmBase {
  /** Last part of the alarm's name. */
  readonly id: string;
  /**
   * Anchor of its section in docs/runbook.md.
   *
   * @default the id
   */
  readonly runbook?: string;
  /**
   * For the person who is on call, in this form: `what is wrong: who is affected. What to do.` The link to the runbook is
   * added to it.
   */
  readonly alarmDescription: string;
  /** Number of consecutive periods that are looked at. */
  readonly evaluationPeriods: number;
  /**
   * How many of these periods must reach the threshold.
   *
   * @default all of them
   */
  readonly datapointsToAlarm?: number;
  /** The alarm is triggered by this value and above, in the unit of the metric. */
  readonly threshold: number;
  /**
   * Who is told. `pager`: the one composite alarm, for what stops or loses work now. `itself`: the alarm on its own, for what
   * stays for days until somebody works on it; in the pager it would hide every later alarm.
   *
   * @default pager
   */
  readonly notifies?: "pager" | "itself";
}

/** An alarm on one metric. */
export interface MetricAlarm extends AlarmBase {
  readonly metric: Metric;
  /** Statistic of the metric; either this or `extendedStatistic`. */
  readonly statistic?: "Average" | "Maximum" | "Sum";
  /** A percentile, such as `p99`. */
  readonly extendedStatistic?: string;
  /** Length of one period in seconds. */
  readonly period: number;
}

/** A metric in the expression of a {@link MathAlarm}. */
export interface Measured {
  readonly metric: Metric;
  readonly stat: "Maximum" | "SampleCount" | "Sum";
}

/** An alarm on an expression of several metrics. */
export interface MathAlarm extends AlarmBase {
  /** The metrics by the names that the expression has for them. */
  readonly measured: Readonly<Record<string, Measured>>;
  /**
   * Metric math, or a query, of CloudWatch.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   */
  readonly expression: Input<string>;
  /** Length of one period in seconds. */
  readonly period: number;
}

/** The metrics of an alarm, and the condition that triggers it. */
export type Alarm = MetricAlarm | MathAlarm;

/** An alarm on any message in a dead-letter queue. Messages stay there for days: it notifies on its own. */
export function deadLetterAlarm(id: string, queueName: Input<string>, alarmDescription: string): MetricAlarm {
  return {
    id,
    alarmDescription,
    metric: queueMetric(queueName, "ApproximateNumberOfMessagesVisible"),
    statistic: "Maximum",
    period: 300,
    evaluationPeriods: 1,
    threshold: 1,
    notifies: "itself",
  };
}

/** Whether an alarm is on an expression. */
export function isMath(alarm: Alarm): alarm is MathAlarm {
  return "expression" in alarm;
}

/** The metrics that an alarm reads. */
export function metricsOf(alarm: Alarm): Metric[] {
  return isMath(alarm) ? Object.values(alarm.measured).map(({ metric }) => metric) : [alarm.metric];
}

/** Triggered by the first event within five minutes. */
export const ONCE = { statistic: "Sum", period: 300, evaluationPeriods: 1, threshold: 1 } as const;
