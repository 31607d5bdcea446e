import {
  endpointMetric,
  functionMetric,
  hostMetric,
  queueMetric,
  variantMetric,
  type Metric,
} from "../shared/metrics.js";

/** One graph or text of a CloudWatch dashboard. */
export interface Widget {
  readonly type: "metric" | "text";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Widgets per row, and the size of each in the grid of the dashboard, which has 24 columns. */
const COLUMNS = 3;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 6;

/** One line of a graph. */
export interface Line {
  readonly metric: Metric;
  readonly stat: string;
  readonly label?: string;
}

/** A graph of several metrics. */
export interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
}

/**
 * The body of the stack's dashboard: queue, instances, GPUs, the model, the functions, the notifications.
 *
 * @param args names of the region, the endpoint, the functions and the queues
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(args: {
  readonly region: string;
  readonly endpointName: string;
  readonly functionName: string;
  readonly recorderName: string;
  readonly sweeperName: string;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  /** Graphs of optional capabilities, after all others. */
  readonly more?: readonly Graph[];
}): { widgets: Widget[] } {
  const graphs = [
    ...endpointGraphs(args.endpointName),
    ...functionGraphs("Tools", args.functionName),
    ...functionGraphs("Recorder", args.recorderName),
    ...functionGraphs("Sweeper", args.sweeperName),
    notificationGraph(args),
    ...(args.more ?? []),
  ];
  return { widgets: graphs.map((graph, index) => widget(graph, index, args.region)) };
}

function endpointGraphs(endpointName: string): Graph[] {
  const queue = (name: string, stat: string): Line => ({ metric: endpointMetric(endpointName, name), stat });
  const work = (name: string, stat: string): Line => ({ metric: variantMetric(endpointName, name), stat });
  const host = (name: string, stat: string): Line => ({ metric: hostMetric(endpointName, name), stat });
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
    { title: "Model latency (µs)", lines: [work("ModelLatency", "Average"), work("ModelLatency", "p99")] },
    { title: "Time in the queue (ms)", lines: [work("TimeInBacklog", "Average"), work("TimeInBacklog", "Maximum")] },
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

function widget({ title, lines }: Graph, index: number, region: string): Widget {
  return {
    type: "metric",
    x: (index % COLUMNS) * WIDTH,
    y: Math.floor(index / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title, region, view: "timeSeries", period: 60, metrics: lines.map(metricLine) },
  };
}

function metricLine({ metric, stat, label }: Line): unknown[] {
  const dimensions = Object.entries(metric.dimensions).flat();
  return [metric.namespace, metric.metricName, ...dimensions, { stat, ...(label === undefined ? {} : { label }) }];
}
