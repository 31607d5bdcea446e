import type { Input } from "@pulumi/pulumi";
import { REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import { gpuInstance } from "../shared/gpuInstances.js";
import { endpointMetric, hostMetric, variantMetric } from "../shared/metrics.js";
import { ONCE, type Alarm, type MathAlarm } from "./alarm.js";

/** Maximum duration of a cold start, in minutes, with a margin: ten were measured. */
const COLD_START_MINUTES = 20;

/** Maximum average duration for a protein, as a share of the time that an invocation may take. */
const SHARE_OF_INVOCATION = 0.5;

/** Maximum time of a request in the queue, in seconds: a sixth of the queue TTL. */
const LONG_WAIT_SECONDS = REQUEST_TTL_SECONDS / 6;

/** Longest time of a request in the queue, in hours. */
const TTL_HOURS = REQUEST_TTL_SECONDS / 3600;

/** A GPU below this utilization is idle, in percent: the same as where the endpoint scales in. */
const IDLE_GPU_PERCENT = 5;

/** Maximum use of the memory of a GPU, in percent. */
const GPU_MEMORY_PERCENT = 95;

/** Period of the alarms about instances, in seconds. */
const PERIOD = 300;

/** Each host reports once a minute: so many samples of its CPU are in one period. */
const SAMPLES = PERIOD / 60;

/** How long instances may be idle or silent, in minutes. */
const IDLE_MINUTES = 60;

/** How long the queue may grow at the maximum of instances, in minutes. */
const GROWTH_MINUTES = 30;

export interface EndpointAlarmArgs {
  readonly endpointName: Input<string>;
  readonly instanceType: string;
  /** How long one invocation of the model may take, in seconds. */
  readonly maxInvocationSeconds: number;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Working hours as text; empty for none. */
  readonly workHours: string;
  /** Minimum number of instances in working hours. */
  readonly workHoursCapacity: number;
  /** Whether the number of instances follows the queue; else it is always 1. */
  readonly enableAutoscaling: boolean;
}

/** The alarms of the endpoint: its queue, its requests, and its instances. */
export function endpointAlarms(args: EndpointAlarmArgs): Alarm[] {
  return [...queueAlarms(args), ...requestAlarms(args), ...instanceAlarms(args)];
}

function queueAlarms({ endpointName }: EndpointAlarmArgs): Alarm[] {
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
      id: "oldest-request",
      alarmDescription: `A request has been in the queue for more than ${LONG_WAIT_SECONDS} s: its caller waits, and loses it after ${TTL_HOURS} hours. Raise maxCapacity or lower backlogPerInstance.`,
      metric: endpointMetric(endpointName, "ApproximateAgeOfOldestRequest"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 2,
      threshold: LONG_WAIT_SECONDS,
    },
  ];
}

function requestAlarms({ endpointName, maxInvocationSeconds }: EndpointAlarmArgs): Alarm[] {
  const slowModelSeconds = maxInvocationSeconds * SHARE_OF_INVOCATION;
  return [
    {
      id: "model-latency",
      alarmDescription: `The model takes more than ${slowModelSeconds} s per protein: requests that reach ${maxInvocationSeconds} s fail. See the log of the endpoint; lower maxConcurrentInvocations, or take a faster instanceType.`,
      metric: variantMetric(endpointName, "ModelLatency"),
      statistic: "Average",
      period: 300,
      evaluationPeriods: 3,
      // The metric is in microseconds.
      threshold: slowModelSeconds * 1e6,
      notifies: "itself",
    },
    {
      id: "failed-requests",
      alarmDescription: `The model did not answer a request: its caller gets the status failed with the reason, because the model refused it, took longer than ${maxInvocationSeconds} s, or its instance was lost. See the log of the endpoint; submit the job again when the cause is fixed.`,
      metric: variantMetric(endpointName, "InvocationFailures"),
      ...ONCE,
    },
    {
      id: "expired-requests",
      alarmDescription: `A request was in the queue for ${TTL_HOURS} hours and is lost: its job starts again, and after maxAttempts its caller gets the status expired. See why no instance took it: the quota and the status of the endpoint, then maxCapacity.`,
      metric: variantMetric(endpointName, "ExpiredRequests"),
      ...ONCE,
    },
  ];
}

function instanceAlarms(args: EndpointAlarmArgs): Alarm[] {
  const { endpointName, instanceType, enableAutoscaling } = args;
  // In working hours, more idle instances are what was asked for: the alarm knows no hours.
  const least = args.workHours === "" ? args.minCapacity : args.workHoursCapacity;
  const most = enableAutoscaling ? args.maxCapacity : 1;
  const gpus = gpuInstance(instanceType)?.gpus ?? 1;
  const hosts = { metric: hostMetric(endpointName, "CPUUtilization"), stat: "SampleCount" } as const;
  const gpu = hostMetric(endpointName, "GPUUtilization");
  const silent: MathAlarm = {
    id: "no-gpu-data",
    alarmDescription: `Instances run, and have sent no GPU data for ${IDLE_MINUTES} minutes: the account pays for them, because without these data the endpoint never scales in. See the log of the endpoint for a broken driver, and set the number of instances by hand.`,
    measured: { hosts, gpus: { metric: gpu, stat: "SampleCount" } },
    // Without instances, `hosts` is missing, and so is the result.
    expression: "IF(hosts > 0 AND FILL(gpus, 0) == 0, 1, 0)",
    period: PERIOD,
    evaluationPeriods: (IDLE_MINUTES * 60) / PERIOD,
    threshold: 1,
  };
  const full: MathAlarm = {
    id: "full-capacity",
    alarmDescription: `All ${most} instance(s) run, and the queue has grown for ${GROWTH_MINUTES} minutes: callers wait longer and longer. Raise maxCapacity and its quota, or submit less.`,
    measured: { hosts, backlog: { metric: endpointMetric(endpointName, "ApproximateBacklogSize"), stat: "Maximum" } },
    expression: `IF(hosts >= ${most * SAMPLES} AND DIFF(backlog) > 0, 1, 0)`,
    period: PERIOD,
    evaluationPeriods: (GROWTH_MINUTES * 60) / PERIOD,
    // The first period has none before it, and a queue that grows may shrink for a moment.
    datapointsToAlarm: (GROWTH_MINUTES * 60) / PERIOD - 2,
    threshold: 1,
  };
  const idle: MathAlarm = {
    id: "idle-gpu",
    alarmDescription: `More than ${least} instance(s) have run for ${IDLE_MINUTES} minutes, and no GPU has worked: the account pays for nothing, and no caller is affected. See the scaling activities of the endpoint, and set the number of instances by hand.`,
    measured: { hosts, gpu: { metric: gpu, stat: "Maximum" } },
    expression: `IF(hosts > ${least * SAMPLES} AND gpu < ${IDLE_GPU_PERCENT}, 1, 0)`,
    period: PERIOD,
    evaluationPeriods: (IDLE_MINUTES * 60) / PERIOD,
    threshold: 1,
    notifies: "itself",
  };
  return [
    full,
    // At the minimum an idle instance is what was asked for.
    ...(enableAutoscaling && args.maxCapacity > least ? [idle] : []),
    silent,
    {
      id: "gpu-memory",
      alarmDescription: `The memory of a GPU has been more than ${GPU_MEMORY_PERCENT} % full for 15 minutes: long proteins become slower, because the model takes fewer of their copies at a time, and may fail. Lower maxConcurrentInvocations, or take an instanceType with more memory.`,
      metric: hostMetric(endpointName, "GPUMemoryUtilization"),
      statistic: "Maximum",
      period: PERIOD,
      evaluationPeriods: 3,
      // The metric adds the percentages of all GPUs of an instance.
      threshold: GPU_MEMORY_PERCENT * gpus,
      notifies: "itself",
    },
  ];
}
