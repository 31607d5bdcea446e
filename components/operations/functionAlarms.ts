import type { Input } from "@pulumi/pulumi";
import { SWEEPER_TIMEOUT_SECONDS } from "../shared/jobEnvironment.js";
import { functionMetric } from "../shared/metrics.js";
import { deadLetterAlarm, ONCE, type Alarm } from "./alarm.js";

/** Maximum duration of a function, as a share of its timeout. */
const SHARE_OF_TIMEOUT = 0.8;

export interface FunctionAlarmArgs {
  readonly functionName: Input<string>;
  readonly recorderName: Input<string>;
  readonly sweeperName: Input<string>;
  readonly notifications: { readonly deadLetterQueueName: Input<string> };
  /** Timeout of the tools' function, in seconds. */
  readonly lambdaTimeoutSeconds: number;
}

/** The alarms of the tools' function, and of the functions that keep the ledger. A function that times out has an error. */
export function functionAlarms(args: FunctionAlarmArgs): Alarm[] {
  return [...toolsAlarms(args), ...backgroundAlarms(args)];
}

function toolsAlarms({ functionName, lambdaTimeoutSeconds }: FunctionAlarmArgs): Alarm[] {
  return [
    {
      id: "tools-errors",
      alarmDescription:
        "An invocation of the tools' function failed: its caller got an error instead of an answer. See the log of the function.",
      metric: functionMetric(functionName, "Errors"),
      ...ONCE,
    },
    {
      id: "tools-throttles",
      alarmDescription:
        "Lambda refused a call of the tools' function, because too many run at once: its caller must repeat it. Raise lambdaReservedConcurrency, or the account's quota of concurrent executions.",
      metric: functionMetric(functionName, "Throttles"),
      ...ONCE,
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
  ];
}

function backgroundAlarms({ recorderName, sweeperName, notifications }: FunctionAlarmArgs): Alarm[] {
  return [
    deadLetterAlarm(
      "dead-letters",
      notifications.deadLetterQueueName,
      "Notifications of the endpoint are in the dead-letter queue: the callers of their jobs wait until the sweeper finds the " +
        "results. See the log of the recorder, then redrive the queue.",
    ),
    {
      id: "recorder-errors",
      alarmDescription:
        "The recorder has failed for 15 minutes: callers learn minutes late that their jobs have ended. See its log, and fix what it says there.",
      metric: functionMetric(recorderName, "Errors"),
      ...ONCE,
      evaluationPeriods: 3,
    },
    {
      id: "sweeper-errors",
      alarmDescription:
        "The sweeper has failed for 15 minutes: callers wait for jobs that are not sent, and for ends that are not recorded. See its log, and fix what it says there.",
      metric: functionMetric(sweeperName, "Errors"),
      ...ONCE,
      evaluationPeriods: 3,
    },
    {
      id: "sweeper-duration",
      alarmDescription: `The duration of the sweeper is close to its timeout of ${SWEEPER_TIMEOUT_SECONDS} s: callers wait longer for jobs that are waiting or late. See its log and its traces for the service that is slow.`,
      metric: functionMetric(sweeperName, "Duration"),
      extendedStatistic: "p99",
      period: 300,
      evaluationPeriods: 3,
      threshold: SWEEPER_TIMEOUT_SECONDS * 1000 * SHARE_OF_TIMEOUT,
    },
    {
      id: "background-throttles",
      alarmDescription:
        "Lambda has refused calls of the recorder or the sweeper for 15 minutes: callers wait for jobs that are not sent, and for ends that are not recorded. Raise the account's quota of concurrent executions.",
      measured: {
        recorder: { metric: functionMetric(recorderName, "Throttles"), stat: "Sum" },
        sweeper: { metric: functionMetric(sweeperName, "Throttles"), stat: "Sum" },
      },
      expression: "FILL(recorder, 0) + FILL(sweeper, 0)",
      period: 300,
      evaluationPeriods: 3,
      threshold: 1,
    },
  ];
}
