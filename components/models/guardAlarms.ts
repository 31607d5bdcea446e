import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { BAKE_SECONDS } from "../../contract/models.js";
import { guardAlarmNames } from "../shared/modelNames.js";
import { variantMetric } from "../shared/metrics.js";
import { withRunbook } from "../shared/runbook.js";

/** Part of the requests of a version that may fail, and requests from which the part says something. */
const FAILURE_RATE = 0.1;
const LEAST_REQUESTS = 10;

/** Part of the longest invocation that the 95th percentile of the service time may take. */
const SLOW_SHARE = 0.8;

/** Length of a period, and number of periods in a row, in which a version is bad. */
const PERIOD_SECONDS = 300;
const PERIODS = 2;

export interface GuardedVersion {
  readonly name: string;
  /** Name of its endpoint, known before it exists. */
  readonly endpointName: string;
}

export interface GuardAlarmArgs {
  /** How long one invocation may take, in seconds. */
  readonly maxInvocationSeconds: number;
  readonly actions: Input<string>[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The alarms of a version that the guard acts on: its failure rate, and the 95th percentile of its service time. Both are
 * metrics of its own endpoint; time in the queue is not in them, so that a cold start is no fault.
 *
 * @returns the alarms
 */
export function guardAlarms(
  parent: ComponentResource,
  name: string,
  version: GuardedVersion,
  args: GuardAlarmArgs,
): aws.cloudwatch.MetricAlarm[] {
  const names = guardAlarmNames(version.endpointName);
  const common = {
    evaluationPeriods: PERIODS,
    datapointsToAlarm: PERIODS,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: args.actions,
    tags: args.tags,
  };
  const whatToDo =
    `If it was activated within ${BAKE_SECONDS / 60} minutes, the active pointer goes back to the version before by ` +
    "itself; else run vep models rollback. See the log of its endpoint.";
  const slowest = args.maxInvocationSeconds * SLOW_SHARE;
  return [
    new aws.cloudwatch.MetricAlarm(
      `${name}-${version.name}-failing`,
      {
        ...common,
        name: names.failures,
        alarmDescription: withRunbook(
          `Model version ${version.name}: ${100 * FAILURE_RATE} % or more of its requests fail: its callers get the status failed. ${whatToDo}`,
          "version-failing",
        ),
        metricQueries: failureRate(version.endpointName),
        threshold: FAILURE_RATE,
      },
      { parent },
    ),
    new aws.cloudwatch.MetricAlarm(
      `${name}-${version.name}-slow`,
      {
        ...common,
        name: names.slow,
        alarmDescription: withRunbook(
          `Model version ${version.name}: the 95th percentile of its service time is ${slowest} s or more: requests that reach ${args.maxInvocationSeconds} s fail. ${whatToDo}`,
          "version-slow",
        ),
        ...variantMetric(version.endpointName, "ModelLatency"),
        period: PERIOD_SECONDS,
        extendedStatistic: "p95",
        // The metric is in microseconds.
        threshold: slowest * 1_000_000,
      },
      { parent },
    ),
  ];
}

/** Metric math: failed requests as a part of all; 0 while there are few. */
function failureRate(endpointName: string): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const counted = (id: string, metricName: string) => ({
    id,
    metric: { ...variantMetric(endpointName, metricName), period: PERIOD_SECONDS, stat: "Sum" },
    returnData: false,
  });
  return [
    counted("failed", "InvocationFailures"),
    counted("processed", "InvocationsProcessed"),
    {
      id: "rate",
      label: "failure rate",
      expression: `IF(FILL(processed,0)>=${LEAST_REQUESTS},FILL(failed,0)/processed,0)`,
      returnData: true,
    },
  ];
}
