import * as aws from "@pulumi/aws";
import { jsonStringify, type ComponentResource, type Input } from "@pulumi/pulumi";
import { gpuInstance } from "../shared/gpuInstances.js";
import { HOURLY_PRICES, hourlyUsd } from "../shared/hourlyPrices.js";
import {
  DAY_SECONDS,
  endpointMetric,
  hostMetric,
  ownMetric,
  SAMPLES_AN_HOUR,
  variantMetric,
  type Metric,
} from "../shared/metrics.js";

/** Width and height of a graph, in units of CloudWatch: two fit in a row of 24. */
const WIDTH = 12;
const HEIGHT = 6;

const PERIOD_SECONDS = 300;

/** Each host reports once a minute: the samples of this period are the instances. */
const HOSTS_PERIOD_SECONDS = 60;

/** Percentiles of the service time: the last but one is what the guard watches. */
const PERCENTILES = ["p50", "p90", "p95", "p99"] as const;

export interface ModelsDashboardArgs {
  readonly prefix: string;
  readonly region: Input<string>;
  readonly functionName: string;
  readonly recorderName: string;
  readonly versions: readonly DrawnVersion[];
}

interface DrawnVersion {
  readonly name: string;
  readonly endpointName: string;
  readonly instanceType: string;
}

/**
 * A dashboard with one line for each model version: hours and cost of the day, jobs that were sent, completed and failed,
 * service time, queue, instances, and their GPUs.
 */
export function modelsDashboard(parent: ComponentResource, name: string, args: ModelsDashboardArgs): void {
  const { prefix, functionName, recorderName, versions } = args;
  const counted = (service: string, of: string, metric: string) => (version: { readonly name: string }) =>
    line(withVersion(ownMetric(of, service, metric), version.name), version.name, "Sum");
  const graphs = [
    graph("Jobs sent by version", versions.map(counted("tools", functionName, "JobsSubmitted"))),
    graph("Jobs completed by version", versions.map(counted("recorder", recorderName, "JobsCompleted"))),
    graph("Jobs failed by version", versions.map(counted("recorder", recorderName, "JobsFailed"))),
    ...PERCENTILES.map((percentile) =>
      graph(
        `Service time by version: ${percentile} (µs)`,
        versions.map((version) => line(variantMetric(version.endpointName, "ModelLatency"), version.name, percentile)),
      ),
    ),
    graph(
      "Queue by version",
      versions.map(({ name: version, endpointName }) =>
        line(endpointMetric(endpointName, "ApproximateBacklogSize"), version, "Maximum"),
      ),
    ),
    graph(
      "Instances by version",
      versions.map(({ name: version, endpointName }) =>
        line(hostMetric(endpointName, "CPUUtilization"), version, "SampleCount"),
      ),
      HOSTS_PERIOD_SECONDS,
    ),
    graph(
      "GPU by version (%)",
      versions.map((version) => line(hostMetric(version.endpointName, "GPUUtilization"), version.name, "Maximum")),
    ),
  ];
  const today = {
    type: "metric",
    x: 0,
    y: HEIGHT * Math.ceil(graphs.length / 2),
    width: 2 * WIDTH,
    height: HEIGHT,
    properties: {
      title: "Today since 00:00 UTC by version",
      view: "singleValue",
      region: args.region,
      period: DAY_SECONDS,
      metrics: versions.flatMap(hoursOf),
    },
  };
  const widgets = graphs.map(({ title, metrics, period }, index) => ({
    type: "metric",
    x: WIDTH * (index % 2),
    y: HEIGHT * Math.floor(index / 2),
    width: WIDTH,
    height: HEIGHT,
    properties: { title, metrics, view: "timeSeries", region: args.region, period },
  }));
  new aws.cloudwatch.Dashboard(
    `${name}-models-dashboard`,
    { dashboardName: `${prefix}-models`, dashboardBody: jsonStringify({ widgets: [...widgets, today] }) },
    { parent },
  );
}

function withVersion(metric: Metric, version: string): Metric {
  return { ...metric, dimensions: { ...metric.dimensions, model_version: version } };
}

function line({ namespace, metricName, dimensions }: Metric, label: string, stat: string): unknown[] {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { label, stat }];
}

/** GPU hours of a version, and their cost: none for a type without a known price. */
function hoursOf({ name, endpointName, instanceType }: DrawnVersion, index: number): unknown[] {
  const { namespace, metricName, dimensions } = hostMetric(endpointName, "CPUUtilization");
  const id = `hosts${index}`;
  const hours = `${id} / ${SAMPLES_AN_HOUR}`;
  const usd = hourlyUsd(instanceType);
  const { date, region } = HOURLY_PRICES;
  const cost = { expression: `${hours} * ${usd}`, label: `USD of ${name}, estimate (${region}, ${date})` };
  return [
    [namespace, metricName, ...Object.entries(dimensions).flat(), { stat: "SampleCount", id, visible: false }],
    [{ expression: `${hours} * ${gpuInstance(instanceType)?.gpus ?? 1}`, label: `GPU hours of ${name}` }],
    ...(usd === undefined ? [] : [[cost]]),
  ];
}

function graph(title: string, metrics: unknown[][], period = PERIOD_SECONDS) {
  return { title, metrics, period };
}
