import { functionMetric } from "../shared/metrics.js";
import { resultsNames } from "../shared/resultsNames.js";
import type { Alarm } from "./alarm.js";
import type { Graph, Line } from "./graph.js";

/** Longest delay of the result store, in minutes. The ledger's stream keeps an ended job for 24 hours. */
const LONGEST_DELAY_MINUTES = 60;

/**
 * The alarms of the result store.
 *
 * @param prefix first part of the names of the stack
 */
export function resultsAlarms(prefix: string): Alarm[] {
  const { store, merge } = resultsNames(prefix);
  return [
    {
      id: "results-delay",
      alarmDescription: `Ended jobs have not been in the result store for ${LONGEST_DELAY_MINUTES} minutes: queries miss them, and after 24 hours their jobs must be submitted again. See the log of ${store}, and fix what it says there.`,
      metric: functionMetric(store, "IteratorAge"),
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      // The metric is in milliseconds.
      threshold: LONGEST_DELAY_MINUTES * 60_000,
    },
    {
      id: "results-merge-errors",
      alarmDescription: `The files of past days were not merged: after two days queries miss them. See the log of ${merge}, and fix what it says there.`,
      metric: functionMetric(merge, "Errors"),
      statistic: "Sum",
      period: 3_600,
      evaluationPeriods: 3,
      threshold: 1,
      notifies: "itself",
    },
  ];
}

/**
 * The graphs of the result store.
 *
 * @param prefix first part of the names of the stack
 */
export function resultsGraphs(prefix: string): Graph[] {
  const { store, merge, workgroup } = resultsNames(prefix);
  const line = (name: string, metricName: string, stat: string, label: string): Line => ({
    metric: functionMetric(name, metricName),
    stat,
    label,
  });
  const scanned = { namespace: "AWS/Athena", metricName: "ProcessedBytes", dimensions: { WorkGroup: workgroup } };
  return [
    {
      title: "Result store: calls",
      lines: [
        line(store, "Invocations", "Sum", "store"),
        line(store, "Errors", "Sum", "store: errors"),
        line(merge, "Errors", "Sum", "merge: errors"),
      ],
    },
    { title: "Result store: delay (ms)", lines: [line(store, "IteratorAge", "Maximum", "delay")] },
    { title: "Queries: bytes scanned", lines: [{ metric: scanned, stat: "Sum" }] },
  ];
}
