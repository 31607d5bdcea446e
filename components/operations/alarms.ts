import type { Input } from "@pulumi/pulumi";
import { endpointMetric, functionMetric, variantMetric, type Metric } from "../shared/metrics.js";

/** What an alarm watches, and when it goes off. */
export interface Alarm {
  /** Last part of the alarm's name. */
  readonly id: string;
  /** What happened and where to look, for whoever is woken. */
  readonly alarmDescription: string;
  readonly metric: Metric;
  readonly statistic?: "Average" | "Maximum" | "Sum";
  readonly extendedStatistic?: string;
  /** Length of one period in seconds. */
  readonly period: number;
  /** Periods that must all pass the threshold. */
  readonly evaluationPeriods: number;
  /** The alarm goes off at this value and above it, in the metric's unit. */
  readonly threshold: number;
}

/** The longest that a cold start takes, in minutes, with room: ten were measured. */
const COLD_START_MINUTES = 20;

/** A protein should not take longer on average, in seconds: half of what an invocation may. */
const SLOW_MODEL_SECONDS = 1800;

/** No request should wait longer, in seconds: a sixth of what SageMaker keeps it for. */
const LONG_WAIT_SECONDS = 3600;

/** The share of its time-out that a function should stay below. */
const SHARE_OF_TIMEOUT = 0.8;

/** Alarms of the service. */
export function serviceAlarms(args: {
  readonly endpointName: Input<string>;
  readonly functionName: Input<string>;
  /** Time-out of the tools' function in seconds. */
  readonly lambdaTimeoutSeconds: number;
}): Alarm[] {
  const { endpointName, functionName, lambdaTimeoutSeconds } = args;
  return [
    {
      id: "backlog-without-capacity",
      alarmDescription: `Requests wait and no instance has started for ${COLD_START_MINUTES} minutes: see the endpoint's status and quota.`,
      metric: endpointMetric(endpointName, "HasBacklogWithoutCapacity"),
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: COLD_START_MINUTES,
      threshold: 1,
    },
    {
      id: "model-latency",
      alarmDescription: `The model takes longer than ${SLOW_MODEL_SECONDS} s a protein: see the endpoint's log.`,
      metric: variantMetric(endpointName, "ModelLatency"),
      statistic: "Average",
      period: 300,
      evaluationPeriods: 3,
      // The metric is in microseconds.
      threshold: SLOW_MODEL_SECONDS * 1e6,
    },
    {
      id: "oldest-request",
      alarmDescription: `A request has waited longer than ${LONG_WAIT_SECONDS} s: raise maxCapacity or lower backlogPerInstance.`,
      metric: endpointMetric(endpointName, "ApproximateAgeOfOldestRequest"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 2,
      threshold: LONG_WAIT_SECONDS,
    },
    {
      id: "tools-errors",
      alarmDescription: "The tools' function failed: see its log.",
      metric: functionMetric(functionName, "Errors"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "tools-duration",
      alarmDescription: `The tools' function comes near its time-out of ${lambdaTimeoutSeconds} s: raise lambdaTimeoutSeconds or lambdaMemoryMb.`,
      metric: functionMetric(functionName, "Duration"),
      extendedStatistic: "p99",
      period: 300,
      evaluationPeriods: 2,
      // The metric is in milliseconds.
      threshold: lambdaTimeoutSeconds * 1000 * SHARE_OF_TIMEOUT,
    },
  ];
}
