import type { Input } from "@pulumi/pulumi";
import { REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import { endpointMetric, functionMetric, queueMetric, variantMetric, type Metric } from "../shared/metrics.js";

/** The metric of an alarm, and the condition that triggers it. */
export interface Alarm {
  /** Last part of the alarm's name. */
  readonly id: string;
  /** What is wrong, who is affected and what to do, for the person who is on call. */
  readonly alarmDescription: string;
  readonly metric: Metric;
  /** Statistic of the metric; either this or `extendedStatistic`. */
  readonly statistic?: "Average" | "Maximum" | "Sum";
  /** A percentile, such as `p99`. */
  readonly extendedStatistic?: string;
  /** Length of one period in seconds. */
  readonly period: number;
  /** Number of consecutive periods that must reach the threshold. */
  readonly evaluationPeriods: number;
  /** The alarm is triggered by this value and above, in the unit of the metric. */
  readonly threshold: number;
}

/** Maximum duration of a cold start, in minutes, with a margin: ten were measured. */
const COLD_START_MINUTES = 20;

/** Maximum average duration for a protein, as a share of the time that an invocation may take. */
const SHARE_OF_INVOCATION = 0.5;

/** Maximum time of a request in the queue, in seconds: a sixth of the queue TTL. */
const LONG_WAIT_SECONDS = REQUEST_TTL_SECONDS / 6;

/** Longest time of a request in the queue, in hours. */
const TTL_HOURS = REQUEST_TTL_SECONDS / 3600;

/** Maximum duration of a function, as a share of its timeout. */
const SHARE_OF_TIMEOUT = 0.8;

/** The alarms of a stack. */
export function serviceAlarms(args: {
  readonly endpointName: Input<string>;
  readonly functionName: Input<string>;
  readonly sweeperName: Input<string>;
  readonly notifications: { readonly deadLetterQueueName: Input<string> };
  /** Timeout of the tools' function, in seconds. */
  readonly lambdaTimeoutSeconds: number;
  /** How long one invocation of the model may take, in seconds. */
  readonly maxInvocationSeconds: number;
}): Alarm[] {
  const { endpointName, functionName, sweeperName, notifications, lambdaTimeoutSeconds, maxInvocationSeconds } = args;
  const slowModelSeconds = maxInvocationSeconds * SHARE_OF_INVOCATION;
  return [
    {
      id: "backlog-without-capacity",
      alarmDescription: `Requests are in the queue, and no instance has started for ${COLD_START_MINUTES} minutes: their callers wait, and lose them after ${TTL_HOURS} hours. See the status and the quota of the endpoint.`,
      metric: endpointMetric(endpointName, "HasBacklogWithoutCapacity"),
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: COLD_START_MINUTES,
      threshold: 1,
    },
    {
      id: "model-latency",
      alarmDescription: `The model takes more than ${slowModelSeconds} s per protein: requests that reach ${maxInvocationSeconds} s fail. See the log of the endpoint; lower maxConcurrentInvocations, or take a faster instanceType.`,
      metric: variantMetric(endpointName, "ModelLatency"),
      statistic: "Average",
      period: 300,
      evaluationPeriods: 3,
      // The metric is in microseconds.
      threshold: slowModelSeconds * 1e6,
    },
    {
      id: "oldest-request",
      alarmDescription: `A request has been in the queue for more than ${LONG_WAIT_SECONDS} s: its caller waits, and loses it after ${TTL_HOURS} hours. Raise maxCapacity or lower backlogPerInstance.`,
      metric: endpointMetric(endpointName, "ApproximateAgeOfOldestRequest"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 2,
      threshold: LONG_WAIT_SECONDS,
    },
    {
      id: "failed-requests",
      alarmDescription: `The model did not answer a request: it refused it, took longer than ${maxInvocationSeconds} s, or its instance ended. Its caller gets the status failed with the reason. See the log of the endpoint; submit the job again when the cause is fixed.`,
      metric: variantMetric(endpointName, "InvocationFailures"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "expired-requests",
      alarmDescription: `A request was in the queue for ${TTL_HOURS} hours and is lost: its caller gets the status expired and must submit it again. See why no instance took it: the quota and the status of the endpoint, then maxCapacity.`,
      metric: variantMetric(endpointName, "ExpiredRequests"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "tools-errors",
      alarmDescription:
        "An invocation of the tools' function failed: its caller got an error instead of an answer. See the log of the function.",
      metric: functionMetric(functionName, "Errors"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "tools-throttles",
      alarmDescription:
        "Lambda refused a call of the tools' function, because too many run at once: its caller must repeat it. Raise lambdaReservedConcurrency, or the account's quota of concurrent executions.",
      metric: functionMetric(functionName, "Throttles"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "tools-duration",
      alarmDescription: `The duration of the tools' function is close to its timeout of ${lambdaTimeoutSeconds} s: calls that reach it fail. Raise lambdaMemoryMb or lambdaTimeoutSeconds.`,
      metric: functionMetric(functionName, "Duration"),
      extendedStatistic: "p99",
      period: 300,
      evaluationPeriods: 2,
      // The metric is in milliseconds.
      threshold: lambdaTimeoutSeconds * 1000 * SHARE_OF_TIMEOUT,
    },
    {
      id: "dead-letters",
      alarmDescription:
        "Jobs whose end is not recorded: notifications of the endpoint are in the dead-letter queue, and their callers " +
        "wait until the sweeper finds the results. See the log of the recorder, then redrive the queue.",
      metric: queueMetric(notifications.deadLetterQueueName, "ApproximateNumberOfMessagesVisible"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
    {
      id: "sweeper-errors",
      alarmDescription:
        "Waiting and lost jobs are not sent or settled: the sweeper fails, and their callers wait for them. See its log, and fix " +
        "what it says there.",
      metric: functionMetric(sweeperName, "Errors"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 3,
      threshold: 1,
    },
  ];
}
