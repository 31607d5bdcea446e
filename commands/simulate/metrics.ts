import { EXTRA_DATAPOINTS } from "./aws/alarm.js";
import { metricMath, type Series } from "./aws/metricMath.js";
import type { MetricQuery, ScalingPolicy, Statistic } from "./scalingModel.js";

/** One minute of the metrics of an endpoint, as CloudWatch shows them; undefined where nothing is published. */
export type MinuteOfMetrics = Readonly<Record<string, number | undefined>>;

/** A metric that the simulator does not have. */
export class UnknownMetricError extends Error {
  override readonly name = "UnknownMetricError";
}

/** The metrics that the simulator publishes; see docs/scaling.md for what each counts. */
export const METRICS = [
  "ApproximateBacklogSize",
  "ApproximateBacklogSizePerInstance",
  "ApproximateAgeOfOldestRequest",
  "HasBacklogWithoutCapacity",
  "GPUUtilization",
  "CPUUtilization",
] as const;

/** Number of hosts that sent CPUUtilization, which is its SampleCount. */
export const HOSTS = "hosts";

/** What CloudWatch knows of an endpoint. */
export class MetricStore {
  private readonly minutes: MinuteOfMetrics[] = [];

  /** Adds the minute that has just ended. */
  add(minute: MinuteOfMetrics): void {
    this.minutes.push(minute);
  }

  /**
   * The evaluation range of an alarm, oldest first.
   *
   * @param hidden minutes at the end that are not published yet
   */
  range(policy: Pick<ScalingPolicy, "watched" | "rule">, hidden: number): Series {
    const { queries, expression, periodSeconds } = policy.watched;
    const periods = policy.rule.evaluationPeriods + EXTRA_DATAPOINTS;
    const series = new Map(queries.map((query) => [query.id, this.series(query, periodSeconds / 60, periods, hidden)]));
    if (expression !== undefined) return evaluator(expression)(series);
    return series.get(queries[0]?.id ?? "") ?? [];
  }

  private series({ metricName, statistic }: MetricQuery, length: number, periods: number, hidden: number): Series {
    // Periods are aligned to the clock; only whole ones count.
    const ended = Math.floor(this.minutes.length / length);
    return Array.from({ length: periods }, (_, index) => {
      const period = ended - periods + index;
      const values = Array.from({ length }, (_unused, minute) => {
        const at = period * length + minute;
        return at < this.minutes.length - hidden ? this.minutes[at] : undefined;
      }).flatMap((minute) => {
        const value = minute === undefined ? undefined : valueOf(minute, metricName, statistic);
        return value === undefined ? [] : [value];
      });
      return values.length === 0 ? undefined : aggregate(values, statistic);
    });
  }
}

const evaluators = new Map<string, ReturnType<typeof metricMath>>();

function evaluator(expression: string): ReturnType<typeof metricMath> {
  const known = evaluators.get(expression) ?? metricMath(expression);
  evaluators.set(expression, known);
  return known;
}

function valueOf(minute: MinuteOfMetrics, metricName: string, statistic: Statistic): number | undefined {
  if (!METRICS.some((name) => name === metricName)) {
    throw new UnknownMetricError(`The simulator has no metric ${metricName}; it has ${METRICS.join(", ")}.`);
  }
  const value = minute[metricName];
  if (statistic !== "SampleCount" || value === undefined) return value;
  return metricName === "CPUUtilization" || metricName === "GPUUtilization" ? minute[HOSTS] : 1;
}

function aggregate(values: readonly number[], statistic: Statistic): number {
  switch (statistic) {
    case "Maximum":
      return Math.max(...values);
    case "Minimum":
      return Math.min(...values);
    case "Sum":
    case "SampleCount":
      return values.reduce((sum, value) => sum + value, 0);
    default:
      return values.reduce((sum, value) => sum + value, 0) / values.length;
  }
}
