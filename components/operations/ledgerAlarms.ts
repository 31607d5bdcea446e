import type { Input } from "@pulumi/pulumi";
import { LEDGER_INDEXES } from "../../contract/jobs.js";
import { ownMetric, tableMetric } from "../shared/metrics.js";
import type { Alarm, Measured } from "./alarm.js";

export interface LedgerAlarmArgs {
  readonly ledger: { readonly tableName: Input<string> };
  readonly sweeperName: Input<string>;
}

/** The alarms of the job ledger. */
export function ledgerAlarms({ ledger: { tableName }, sweeperName }: LedgerAlarmArgs): Alarm[] {
  return [
    {
      id: "ledger-throttles",
      alarmDescription:
        "DynamoDB has throttled the job ledger for 10 minutes: callers get SERVICE_BUSY, and ends of jobs are recorded late. See which index is throttled, and submit less at a time until DynamoDB has split it.",
      measured: throttled(tableName),
      expression: Object.keys(throttled(tableName))
        .map((id) => `FILL(${id}, 0)`)
        .join(" + "),
      period: 300,
      evaluationPeriods: 2,
      threshold: 1,
    },
    {
      id: "late-jobs",
      alarmDescription:
        "Jobs are unfinished past their deadline, and the sweeper cannot settle or send them: their callers wait in vain. See the log of the sweeper for the ids and the reason.",
      metric: ownMetric(sweeperName, "sweeper", "JobsPastDeadline"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 2,
      threshold: 1,
    },
  ];
}

/** Throttled reads and writes of the table, and writes of its indexes, which refuse those of the table. */
function throttled(tableName: Input<string>): Record<string, Measured> {
  const sum = (metricName: string, index?: string): Measured => ({
    metric: tableMetric(tableName, metricName, index),
    stat: "Sum",
  });
  return {
    reads: sum("ReadThrottleEvents"),
    writes: sum("WriteThrottleEvents"),
    ...Object.fromEntries(
      Object.entries(LEDGER_INDEXES).map(([name, index]) => [name, sum("WriteThrottleEvents", index)]),
    ),
  };
}
