import { gpuInstance } from "../shared/gpuInstances.js";
import { HOURLY_PRICES, hourlyUsd } from "../shared/hourlyPrices.js";
import { DAY_SECONDS, endpointMetric, hostMetric, ownMetric, SAMPLES_AN_HOUR } from "../shared/metrics.js";
import { metricLine, type Line, type Widget } from "./graph.js";

/** Height of the alarms and of the numbers in the grid of the dashboard. */
const ALARMS_HEIGHT = 4;
const NUMBERS_HEIGHT = 4;

/** Rows of the grid that the overview takes. */
export const OVERVIEW_HEIGHT = ALARMS_HEIGHT + NUMBERS_HEIGHT;

/** An endpoint, and the type of its instances. */
interface Hosts {
  readonly endpointName: string;
  readonly instanceType: string;
}

export interface OverviewArgs extends Hosts {
  readonly region: string;
  readonly sweeperName: string;
  /** Model versions beside `base`, each with its own endpoint. */
  readonly versions: readonly (Hosts & { readonly name: string })[];
  /** ARNs of the alarms of the stack. */
  readonly alarmArns: readonly string[];
}

/** The first look: the alarms, the numbers of now, and what the day has cost so far. */
export function overview(args: OverviewArgs): Widget[] {
  return [
    {
      type: "alarm",
      x: 0,
      y: 0,
      width: 24,
      height: ALARMS_HEIGHT,
      properties: { title: "Alarms", alarms: [...args.alarmArns] },
    },
    numbers(0, 12, { title: "Now", region: args.region, period: 60, metrics: now(args).map(metricLine) }),
    numbers(12, 12, {
      title: `Today since 00:00 UTC, ${[...new Set([args, ...args.versions].map(({ instanceType }) => instanceType))].join(", ")}`,
      region: args.region,
      period: DAY_SECONDS,
      metrics: today(args),
    }),
  ];
}

function numbers(x: number, width: number, properties: Readonly<Record<string, unknown>>): Widget {
  const shown = { view: "singleValue", ...properties };
  return { type: "metric", x, y: ALARMS_HEIGHT, width, height: NUMBERS_HEIGHT, properties: shown };
}

function now({ endpointName, sweeperName, versions }: OverviewArgs): Line[] {
  const instances = (name: string, label: string): Line => ({
    metric: hostMetric(name, "CPUUtilization"),
    stat: "SampleCount",
    label,
  });
  const gauge = (name: string, label: string): Line => ({
    metric: ownMetric(sweeperName, "sweeper", name),
    stat: "Maximum",
    label,
  });
  return [
    instances(endpointName, "instances"),
    ...versions.map((version) => instances(version.endpointName, `instances of ${version.name}`)),
    gauge("JobsWaiting", "jobs waiting in the ledger"),
    gauge("JobsSent", "jobs sent to the endpoint"),
    {
      metric: endpointMetric(endpointName, "ApproximateAgeOfOldestRequest"),
      stat: "Maximum",
      label: "oldest request (s)",
    },
  ];
}

/** Hours and cost of the instances. A type without a known price has no cost: a guess would be taken for a figure. */
function today(args: OverviewArgs): unknown[] {
  const endpoints = [args, ...args.versions].map(({ endpointName, instanceType }, index) => ({
    samples: metricLine({ metric: hostMetric(endpointName, "CPUUtilization"), stat: "SampleCount" }).slice(0, -1),
    id: index === 0 ? "hosts" : `hosts${index}`,
    gpus: gpuInstance(instanceType)?.gpus ?? 1,
    usd: hourlyUsd(instanceType),
  }));
  const several = endpoints.length > 1;
  // An endpoint that had no instance today has no data, and the sum of several would have none either.
  const hours = (times: (endpoint: (typeof endpoints)[number]) => string): string =>
    endpoints
      .map((endpoint) => `${several ? `FILL(${endpoint.id}, 0)` : endpoint.id} / ${SAMPLES_AN_HOUR}${times(endpoint)}`)
      .join(" + ");
  const prices = endpoints.map(({ usd }) => usd);
  const rate = several ? "" : ` at ${prices[0]} an hour`;
  const { date, region } = HOURLY_PRICES;
  return [
    ...endpoints.map(({ samples, id }) => [...samples, { stat: "SampleCount", id, visible: false }]),
    [{ expression: hours(() => ""), label: "instance hours" }],
    [{ expression: hours(({ gpus }) => ` * ${gpus}`), label: "GPU hours" }],
    ...(prices.includes(undefined)
      ? []
      : [
          [
            {
              expression: hours(({ usd }) => ` * ${usd}`),
              label: `USD, estimate of the instances${rate} (${region}, ${date})`,
            },
          ],
        ]),
  ];
}
