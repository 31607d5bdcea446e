import type { Place } from "../shared/place.js";
import { functionMetric, type Metric } from "../shared/metrics.js";
import { scanMachineArn, scanNames } from "../shared/scanNames.js";
import type { Alarm } from "./alarm.js";
import type { Graph, Line } from "./graph.js";

/**
 * The alarms of scans.
 *
 * @param prefix first part of the names of the stack
 */
export function scanAlarms(prefix: string, place: Place): Alarm[] {
  const { machine } = scanNames(prefix);
  return [
    {
      id: "scan-failed",
      alarmDescription: `A scan failed, because its file could not be read or too many shards failed: whoever started it has only a part of the results. See the execution of ${machine} and the summary beside the file, fix the cause, and start the scan again; nothing that is finished is computed again.`,
      metric: machineMetric(prefix, place, "ExecutionsFailed"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
  ];
}

/**
 * The graphs of scans.
 *
 * @param prefix first part of the names of the stack
 */
export function scanGraphs(prefix: string, place: Place): Graph[] {
  const names = scanNames(prefix);
  const sum = (metric: Metric, label: string): Line => ({ metric, stat: "Sum", label });
  const executions = (metricName: string, label: string): Line => sum(machineMetric(prefix, place, metricName), label);
  return [
    {
      title: "Scans",
      lines: [
        executions("ExecutionsStarted", "started"),
        executions("ExecutionsSucceeded", "completed"),
        executions("ExecutionsFailed", "failed"),
        executions("ExecutionsAborted", "cancelled"),
      ],
    },
    {
      title: "Scans: calls",
      lines: [
        sum(functionMetric(names.function, "Invocations"), "calls"),
        sum(functionMetric(names.function, "Errors"), "errors"),
        sum(functionMetric(names.function, "Throttles"), "throttles"),
      ],
    },
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
function machineMetric(prefix: string, place: Place, metricName: string): Metric {
  return {
    namespace: "AWS/States",
    metricName,
    dimensions: { StateMachineArn: scanMachineArn(prefix, place) },
  };
}
