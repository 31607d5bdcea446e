import {
  endpointMetric,
  functionMetric,
  hostMetric,
  ownMetric,
  queueMetric,
  tableMetric,
  variantMetric,
} from "../shared/metrics.js";
import { metricLine, type Graph, type Line, type Widget } from "./graph.js";
import { overview, OVERVIEW_HEIGHT, type OverviewArgs } from "./overview.js";

export type { Graph, Line } from "./graph.js";

/** Widgets per row, and the size of each in the grid of the dashboard, which has 24 columns. */
const COLUMNS = 3;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 6;

/**
 * The body of the stack's dashboard: an overview, then queue, instances, GPUs, the model, jobs, the functions, the
 * notifications.
 *
 * @param args names of the region, the endpoint, the functions and the queues
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(
  args: OverviewArgs & {
    readonly functionName: string;
    readonly recorderName: string;
    readonly tableName: string;
    readonly queueName: string;
    readonly deadLetterQueueName: string;
    /** Graphs of optional capabilities, after all others. */
    readonly more?: readonly Graph[];
  },
): { widgets: Widget[] } {
  const graphs = [
    ...endpointGraphs(args.endpointName),
    ...jobGraphs(args),
    ...functionGraphs("Tools", args.functionName),
    ...functionGraphs("Recorder", args.recorderName),
    ...functionGraphs("Sweeper", args.sweeperName),
    notificationGraph(args),
    ...(args.more ?? []),
  ];
  const drawn = graphs.map((graph, index) => widget(graph, index, args.region));
  return { widgets: [...overview(args), ...drawn] };
}

function endpointGraphs(endpointName: string): Graph[] {
  const queue = (name: string, stat: string): Line => ({ metric: endpointMetric(endpointName, name), stat });
  const work = (name: string, stat: string): Line => ({ metric: variantMetric(endpointName, name), stat });
  const host = (name: string, stat: string): Line => ({ metric: hostMetric(endpointName, name), stat });
  const percentiles = (name: string): Line[] =>
    ["p50", "p90", "p99"].map((stat) => ({ ...work(name, stat), label: stat }));
  return [
    {
      title: "Queue",
      lines: [queue("ApproximateBacklogSize", "Maximum"), queue("HasBacklogWithoutCapacity", "Maximum")],
    },
    { title: "Age of the oldest request (s)", lines: [queue("ApproximateAgeOfOldestRequest", "Maximum")] },
    // Each host reports once per minute: the number of samples is the number of instances.
    { title: "Instances", lines: [{ ...host("CPUUtilization", "SampleCount"), label: "instances" }] },
    { title: "GPU (%)", lines: [host("GPUUtilization", "Maximum"), host("GPUMemoryUtilization", "Maximum")] },
    {
      title: "Requests",
      lines: [work("InvocationsProcessed", "Sum"), work("InvocationFailures", "Sum"), work("ExpiredRequests", "Sum")],
    },
    { title: "Model latency (µs)", lines: percentiles("ModelLatency") },
    { title: "Time in the queue (ms)", lines: percentiles("TimeInBacklog") },
    { title: "Time from submission to result (ms)", lines: percentiles("TotalProcessingTime") },
  ];
}

function jobGraphs(args: {
  readonly functionName: string;
  readonly recorderName: string;
  readonly sweeperName: string;
  readonly tableName: string;
}): Graph[] {
  const { functionName, recorderName, sweeperName, tableName } = args;
  const gauge = (name: string, label: string): Line => ({
    metric: ownMetric(sweeperName, "sweeper", name),
    stat: "Maximum",
    label,
  });
  const ended = (name: string, label: string): Line => ({
    metric: ownMetric(recorderName, "recorder", name),
    stat: "Sum",
    label,
  });
  const throttled = (name: string, label: string): Line => ({
    metric: tableMetric(tableName, name),
    stat: "Sum",
    label,
  });
  return [
    {
      title: "Jobs by state",
      lines: [
        gauge("JobsWaiting", "waiting"),
        gauge("JobsSent", "sent"),
        gauge("JobsPastDeadline", "past their deadline"),
      ],
    },
    {
      title: "Jobs: starts and ends",
      lines: [
        { metric: ownMetric(functionName, "tools", "JobsSubmitted"), stat: "Sum", label: "submitted to the tools" },
        ended("JobsCompleted", "completed"),
        ended("JobsFailed", "failed or expired"),
      ],
    },
    {
      title: "Ledger: throttled requests",
      lines: [throttled("ReadThrottleEvents", "reads"), throttled("WriteThrottleEvents", "writes")],
    },
  ];
}

function functionGraphs(title: string, functionName: string): Graph[] {
  const line = (name: string, stat: string): Line => ({ metric: functionMetric(functionName, name), stat });
  return [
    { title: `${title}: calls`, lines: [line("Invocations", "Sum"), line("Errors", "Sum"), line("Throttles", "Sum")] },
    { title: `${title}: duration (ms)`, lines: [line("Duration", "Average"), line("Duration", "p99")] },
  ];
}

function notificationGraph({
  queueName,
  deadLetterQueueName,
}: {
  queueName: string;
  deadLetterQueueName: string;
}): Graph {
  const line = (name: string, label: string): Line => ({
    metric: queueMetric(name, "ApproximateNumberOfMessagesVisible"),
    stat: "Maximum",
    label,
  });
  return { title: "Notifications", lines: [line(queueName, "waiting"), line(deadLetterQueueName, "dead letters")] };
}

function widget({ title, lines, expressions = [] }: Graph, index: number, region: string): Widget {
  return {
    type: "metric",
    x: (index % COLUMNS) * WIDTH,
    y: OVERVIEW_HEIGHT + Math.floor(index / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title,
      region,
      view: "timeSeries",
      period: 60,
      metrics: [...lines.map(metricLine), ...expressions.map((computed) => [computed])],
    },
  };
}
