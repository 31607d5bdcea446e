import { endpointLogGroup } from "../../components/shared/logGroup.js";
import { PREFIXES } from "../../contract/storage.js";
import type { PlannedResource } from "../../local/program/runProgram.js";
import { ofBase } from "../simulate/plannedScaling.js";
import { callsByLogGroup, functionLines } from "./functions.js";
import { functionVariables } from "./functionVariables.js";
import * as job from "./jobRequests.js";
import { MONTH_DAYS, MONTH_HOURS } from "./load.js";
import { PRICES, type PriceKey } from "./prices.js";
import { kept, type Kept } from "./storage.js";
import type { Billing, BillingContext, CostLine } from "./usage.js";

/** Size of the image in the registry, in GB, and of one log record of a call, in kB: estimates. */
const IMAGE_GB = 6;
const LOG_KB = 1;

/** Requests to a customer key for a job: of the bucket, the table, the topic, the queue and the logs. */
const KEY_REQUESTS = 10;

/** Requests with which Lambda polls a queue in a month: five pollers that wait 20 s. */
const POLLS = 5 * 3 * 60 * MONTH_HOURS;

/** Small queries of the sweeper each minute, of half a read unit each. */
const SWEEP_READS = 3 * 0.5 * 60 * MONTH_HOURS;

/** Namespace of the metrics that functions count themselves. */
const OWN_METRICS = "AmplifyVep";

const line = (what: string, quantity: number, price: PriceKey): CostLine => ({
  service: PRICES[price].service,
  what,
  quantity,
  price,
});

/** The types that are billed, with their bill. */
export const BILLED: Readonly<Record<string, Billing>> = {
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ name: config }, { usage: { versions } }) =>
    versions
      .filter((version) => version.config === config)
      .map(({ name, hours, usdPerHour }) => ({
        service: "SageMaker",
        what: versions.length > 1 ? `instances of ${name}` : "instances",
        quantity: hours,
        // None cost nothing, whatever their price is.
        price: usdPerHour ?? (hours === 0 ? 0 : Number.NaN),
      })),
  "aws:lambda/function:Function": functionLines,
  "aws:lambda/eventSourceMapping:EventSourceMapping": ({ inputs }) =>
    text(inputs["eventSourceArn"]).includes(":sqs:") ? [line("polling of a queue", POLLS, "queueRequest")] : [],
  "aws:dynamodb/table:Table": tableLines,
  "aws:s3/bucket:Bucket": bucketLines,
  "aws:sns/topic:Topic": ({ name }, { usage }) =>
    name.endsWith("-success-topic") ? [line("notifications", usage.jobs * job.MESSAGES.sns, "publish")] : [],
  "aws:sqs/queue:Queue": ({ name }, { usage }) =>
    /notifications$/.test(name) ? [line("messages", usage.jobs * job.MESSAGES.sqs, "queueRequest")] : [],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ inputs }) => [line("alarms", metricsOfAlarm(inputs), "alarmMetric")],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": () => [line("composite alarms", 1, "compositeAlarm")],
  "aws:appautoscaling/policy:Policy": ({ inputs }) =>
    // Application Auto Scaling makes two alarms for each.
    inputs["policyType"] === "TargetTrackingScaling" ? [line("alarms of target tracking", 2, "alarmMetric")] : [],
  "aws:cloudwatch/dashboard:Dashboard": (resource, { resources }) => [
    line("dashboard", 1, "dashboard"),
    // Once, with the first dashboard: those that alarms and all dashboards show.
    ...(resource === ofBase(resources.filter(({ type }) => type === resource.type))
      ? [line("own metrics", ownMetrics(resources.map((one) => one.inputs)), "ownMetric")]
      : []),
  ],
  "aws:cloudwatch/logGroup:LogGroup": logLines,
  "aws:kms/key:Key": (_resource, { usage }) => [
    line("key", 1, "key"),
    line("requests", usage.jobs * KEY_REQUESTS, "keyRequest"),
  ],
  "aws:ecr/repository:Repository": () => [line("image", IMAGE_GB, "imageStorage")],
  "aws:kinesis/stream:Stream": ({ inputs }) => [
    line("shards", Number(inputs["shardCount"] ?? 1) * MONTH_HOURS, "shardHour"),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ inputs }) =>
    inputs["vpcEndpointType"] === "Interface"
      ? [line("interface endpoints", (inputs["subnetIds"] as readonly string[]).length * MONTH_HOURS, "endpointHour")]
      : [],
  "aws:apigateway/stage:Stage": ({ inputs }, { usage }) => [
    line("requests, if all calls take this way", usage.proteins * job.TOOL_CALLS, "apiRequest"),
    ...(inputs["cacheClusterEnabled"] === true ? [line("cache", MONTH_HOURS, "apiCacheHour")] : []),
  ],
  "aws:cognito/userPoolClient:UserPoolClient": () => [line("clients of tokens", 1, "tokenClient")],
};

function tableLines(_resource: PlannedResource, { usage, resources }: BillingContext): CostLine[] {
  const reads = usage.jobs * (job.READS_BESIDE_QUEUE + job.queueReadUnits(usage.meanQueue));
  const days = Math.min(usage.months * MONTH_DAYS, retentionDays(resources));
  // The item, and a copy in each of the indexes that hold it.
  const gigabytes = ((usage.jobs / MONTH_DAYS) * days * job.JOB_KB * 3) / 1e6;
  return [
    line("reads", reads + SWEEP_READS, "tableRead"),
    line("writes", usage.jobs * job.WRITES, "tableWrite"),
    line("storage", gigabytes, "tableStorage"),
  ];
}

/** Days that the ledger keeps a job, from the environment of the functions. */
function retentionDays(resources: readonly PlannedResource[]): number {
  const days = functionVariables(resources).map((variables) => variables["JOB_RETENTION_DAYS"]);
  return Number(days.find((one) => one !== undefined) ?? 365);
}

function bucketLines({ name }: PlannedResource, { usage, resources }: BillingContext): CostLine[] {
  if (!name.endsWith("-data")) return [];
  const { proteins, jobs, load, months } = usage;
  const stored = resources.some(({ type }) => type === "aws:athena/workgroup:Workgroup");
  const requests = kept(resources, PREFIXES.input, {
    objects: jobs,
    kilobytes: job.REQUEST_KB + load.length / 1_000,
    months,
  });
  const results = kept(resources, PREFIXES.output, {
    objects: jobs,
    kilobytes: job.RESULT_KB_PER_RESIDUE * load.length,
    months,
  });
  return [
    // The result store writes two files for a job.
    line("writes", jobs * (job.S3_PUTS + (stored ? 2 : 0)), "objectPut"),
    line("reads", jobs * job.S3_GETS.model + proteins * job.S3_GETS.caller, "objectGet"),
    ...storageLines("requests", requests),
    ...storageLines("results", results),
  ];
}

function storageLines(what: string, amount: Kept): CostLine[] {
  return [
    line(`storage of ${what}`, amount.standard, "objectStandard"),
    line(`storage of ${what}, Standard-IA`, amount.infrequent, "objectInfrequent"),
    line(`storage of ${what}, Glacier Instant Retrieval`, amount.archive, "objectArchive"),
    line(`moves of ${what} to Standard-IA`, amount.toInfrequent, "toInfrequent"),
    line(`moves of ${what} to Glacier Instant Retrieval`, amount.toArchive, "toArchive"),
  ].filter(({ quantity }) => quantity > 0);
}

function logLines({ inputs }: PlannedResource, context: BillingContext): CostLine[] {
  const group = text(inputs["name"]);
  const { usage } = context;
  const version = usage.versions.find(({ endpointName }) => group === endpointLogGroup(endpointName));
  const calls = version?.jobs ?? callsByLogGroup(group, context) ?? 0;
  const gigabytes = (calls * LOG_KB) / 1e6;
  const days = Number(inputs["retentionInDays"] ?? 0);
  const months = Math.min(usage.months, days > 0 ? days / MONTH_DAYS : usage.months);
  return [
    line(`logs, ${group}`, gigabytes, "logIngestion"),
    line(`storage of logs, ${group}`, gigabytes * months, "logStorage"),
  ];
}

function metricsOfAlarm({ metricQueries }: Readonly<Record<string, unknown>>): number {
  if (!Array.isArray(metricQueries)) return 1;
  return metricQueries.filter((one: unknown) => (one as { readonly metric?: unknown }).metric !== undefined).length;
}

/** Different metrics of the functions' own namespace that alarms and the dashboard name. */
function ownMetrics(inputs: readonly Readonly<Record<string, unknown>>[]): number {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      if (value[0] === OWN_METRICS) found.add(JSON.stringify(value.filter((one) => typeof one === "string")));
      value.forEach(visit);
    } else if (typeof value === "object" && value !== null) {
      const { namespace, metricName, dimensions } = value as Readonly<Record<string, unknown>>;
      if (namespace === OWN_METRICS && typeof metricName === "string") {
        const flat = Object.entries((dimensions ?? {}) as Readonly<Record<string, string>>).flat();
        found.add(JSON.stringify([OWN_METRICS, metricName, ...flat]));
      }
      Object.values(value).forEach(visit);
    }
  };
  for (const one of inputs) {
    const body = one["dashboardBody"];
    if (typeof body === "string") visit(JSON.parse(body));
    else if (one["namespace"] === OWN_METRICS) visit(one);
  }
  return found.size;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
