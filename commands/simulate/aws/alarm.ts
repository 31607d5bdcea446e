import type { Series } from "./metricMath.js";

/** State of an alarm. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** How an alarm treats periods without data. */
export type MissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** How an alarm compares a value with its threshold. */
export type Comparison =
  "GreaterThanOrEqualToThreshold" | "GreaterThanThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";

/** The condition of an alarm. */
export interface AlarmRule {
  /** Number of the latest data points that are evaluated (N). */
  readonly evaluationPeriods: number;
  /** How many of them must breach (M). */
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData: MissingData;
}

/**
 * Data points that CloudWatch retrieves beyond the evaluation periods. AWS documents 5 for 3 periods and does not say how
 * the number grows; the simulator takes the same two more for all.
 */
export const EXTRA_DATAPOINTS = 2;

const COMPARISONS: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * The next state of an alarm.
 *
 * @param rule its condition
 * @param range the data points of the evaluation range, oldest first; undefined where one is missing
 * @param state the current state
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function nextState(rule: AlarmRule, range: Series, state: AlarmState): AlarmState {
  const { evaluationPeriods: most, datapointsToAlarm: needed, treatMissingData } = rule;
  const breaches = COMPARISONS[rule.comparison];
  const breaching = range.map((value) => (value === undefined ? undefined : breaches(value, rule.threshold)));
  const existing = breaching.filter((one) => one !== undefined);
  const stateOf = (count: number): AlarmState => (count >= needed ? "ALARM" : "OK");
  // Enough data points exist: the latest count, and the treatment of missing ones does not matter.
  if (existing.length >= most) return stateOf(existing.slice(-most).filter(Boolean).length);
  const count = existing.filter(Boolean).length;
  if (treatMissingData === "notBreaching") return stateOf(count);
  if (treatMissingData === "breaching") return stateOf(count + most - existing.length);
  if (existing.includes(false)) return stateOf(count);
  if (treatMissingData === "ignore") return state;
  // The rule against alarms that come too early: the oldest breaching data point must be old enough.
  const age = breaching.length - breaching.indexOf(true);
  return count > 0 && age >= needed ? "ALARM" : "INSUFFICIENT_DATA";
}
