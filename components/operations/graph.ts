import type { Input } from "@pulumi/pulumi";
import type { Metric } from "../shared/metrics.js";

/** One graph, list of alarms or text of a CloudWatch dashboard. */
export interface Widget {
  readonly type: "alarm" | "metric" | "text";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** One line of a graph. */
export interface Line {
  readonly metric: Metric;
  readonly stat: string;
  readonly label?: string;
}

/** One line of a graph, which CloudWatch computes. */
export interface Computed {
  readonly expression: Input<string>;
  readonly label: string;
}

/** A graph of several metrics. */
export interface Graph {
  /** With the unit of the lines in brackets, unless it is a number. */
  readonly title: string;
  readonly lines: readonly Line[];
  /**
   * Lines of metric math, or of queries.
   *
   * @default none
   */
  readonly expressions?: readonly Computed[];
}

/**
 * A metric as a dashboard writes it: namespace, name, names and values of dimensions, and how it is drawn.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function metricLine({ metric, stat, label }: Line): unknown[] {
  const dimensions = Object.entries(metric.dimensions).flat();
  return [metric.namespace, metric.metricName, ...dimensions, { stat, ...(label === undefined ? {} : { label }) }];
}
