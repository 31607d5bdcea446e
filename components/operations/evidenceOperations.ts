import { evidenceNames, workflowMachineArn } from "../shared/evidenceNames.js";
import { functionMetric, type Metric } from "../shared/metrics.js";
import type { Place } from "../shared/place.js";
import type { Alarm } from "./alarm.js";
import type { Graph, Line } from "./graph.js";

/**
 * The alarms of workflows of evidence. A source that does not answer is no alarm: it is in the table of the workflow.
 *
 * @param prefix first part of the names of the stack
 */
export function evidenceAlarms(prefix: string, place: Place): Alarm[] {
  const { machine } = evidenceNames(prefix);
  return [
    {
      id: "workflow-failed",
      alarmDescription: `A workflow of evidence failed: whoever started it has no table. GET /workflows/{id} has the reason: a protein that is not known is for the caller to correct; for all others see the execution of ${machine}, fix the cause, and let the caller start the workflow again.`,
      metric: machineMetric(prefix, place, "ExecutionsFailed"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 1,
    },
  ];
}

/**
 * The graphs of workflows of evidence.
 *
 * @param prefix first part of the names of the stack
 */
export function evidenceGraphs(prefix: string, place: Place): Graph[] {
  const { alignment, retrieval, sources, steps, workflow } = evidenceNames(prefix);
  const sum = (metric: Metric, label: string): Line => ({ metric, stat: "Sum", label });
  const executions = (metricName: string, label: string): Line => sum(machineMetric(prefix, place, metricName), label);
  return [
    {
      title: "Workflows of evidence",
      lines: [
        executions("ExecutionsStarted", "started"),
        executions("ExecutionsSucceeded", "completed"),
        executions("ExecutionsFailed", "failed"),
        executions("ExecutionsAborted", "cancelled"),
      ],
    },
    {
      title: "Workflows of evidence: errors of functions",
      lines: [workflow, steps, retrieval, alignment, sources].map((name) =>
        sum(functionMetric(name, "Errors"), name.slice(prefix.length + 1)),
      ),
    },
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
function machineMetric(prefix: string, place: Place, metricName: string): Metric {
  return {
    namespace: "AWS/States",
    metricName,
    dimensions: { StateMachineArn: workflowMachineArn(prefix, place) },
  };
}
