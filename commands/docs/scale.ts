import { MAX_IN_FLIGHT } from "../../contract/limits.js";
import { SHARD_PROTEINS } from "../../contract/scan.js";
import { modelSeconds } from "../../lambda/shared/estimate.js";
import { hourlyUsd } from "../../components/shared/hourlyPrices.js";
import * as job from "../cost/jobRequests.js";
import { PRICES } from "../cost/prices.js";
import { table } from "./markdown.js";

/** An amount of work. */
export interface Load {
  readonly name: string;
  readonly proteins: number;
  /** Residues of each protein. */
  readonly residues: number;
  /** Time in which it is to be done, in hours. */
  readonly hours: number;
}

/** What a load needs. */
export interface Scale {
  /** Hours of one instance with the slowest recommended GPU (L4). */
  readonly gpuHours: number;
  /** Instances that do it in time. */
  readonly instances: number;
  readonly perSecond: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  /** State transitions if the load is a scan. */
  readonly transitions: number;
  readonly usdGpu: number;
  readonly usdOther: number;
}

const INSTANCE_TYPE = "ml.g6.2xlarge";

/** A call with the memory of the tools' function, 512 MB. */
const CALL_GB_SECONDS = job.CALL_SECONDS * 0.5;

/** Proteins in a shard of a scan, and state transitions of each shard. */
const SHARD = { proteins: SHARD_PROTEINS, transitions: 5 };

/** Read units that one partition of a table or an index serves in a second. */
const PARTITION_READ_UNITS = 3_000;

/** Submissions in a second at which the index by state is exhausted, at a number of jobs in SageMaker's queue. */
export function submissionsPerSecond(jobsInQueue: number): number {
  return PARTITION_READ_UNITS / job.queueReadUnits(jobsInQueue);
}

/** What a load needs, with SageMaker's queue as full as the service lets it become. */
export function scaleOf({ proteins, residues, hours }: Load): Scale {
  const seconds = modelSeconds({ sequence_length: residues, scoring: "masked-marginals" });
  const gpuHours = (proteins * seconds) / 3_600;
  const readUnits = proteins * (job.READS_BESIDE_QUEUE + job.queueReadUnits(Math.min(proteins, MAX_IN_FLIGHT)));
  const writeUnits = proteins * job.WRITES;
  const [s3Puts, s3Gets] = [proteins * job.S3_PUTS, proteins * (job.S3_GETS.model + job.S3_GETS.caller)];
  const transitions = Math.ceil(proteins / SHARD.proteins) * SHARD.transitions;
  const calls = job.TOOL_CALLS + job.RECORDER_CALLS;
  const usdOther =
    readUnits * PRICES.tableRead.usd +
    writeUnits * PRICES.tableWrite.usd +
    s3Puts * PRICES.objectPut.usd +
    s3Gets * PRICES.objectGet.usd +
    transitions * PRICES.transition.usd +
    proteins * calls * (PRICES.lambdaRequest.usd + CALL_GB_SECONDS * PRICES.lambdaSecond.usd) +
    proteins * (job.MESSAGES.sns * PRICES.publish.usd + job.MESSAGES.sqs * PRICES.queueRequest.usd);
  return {
    gpuHours,
    instances: Math.ceil(gpuHours / hours),
    perSecond: proteins / (hours * 3_600),
    readUnits,
    writeUnits,
    s3Puts,
    s3Gets,
    transitions,
    usdGpu: gpuHours * (hourlyUsd(INSTANCE_TYPE) ?? Number.NaN),
    usdOther,
  };
}

const LOADS: readonly Load[] = [
  { name: "20,000 in a night", proteins: 20_000, residues: 300, hours: 8 },
  { name: "20,000 in a night", proteins: 20_000, residues: 560, hours: 8 },
  { name: "a million a day", proteins: 1_000_000, residues: 300, hours: 24 },
  { name: "a million a day", proteins: 1_000_000, residues: 560, hours: 24 },
];

/** The table of docs/scale.md: a column for each load. */
export function scaleTable(): string {
  const scales = LOADS.map(scaleOf);
  const row = (name: string, show: (scale: Scale) => string): string[] => [name, ...scales.map(show)];
  return table(
    ["", ...LOADS.map(({ name, residues }) => `${name}, ${residues} residues`)],
    [
      row("L4 hours (estimate)", ({ gpuHours }) => count(gpuHours)),
      row("instances, ml.g6.2xlarge (estimate)", ({ instances }) => count(instances)),
      row("submissions in a second", ({ perSecond }) => perSecond.toFixed(1)),
      row("DynamoDB read units", ({ readUnits }) => millions(readUnits)),
      row("DynamoDB write units", ({ writeUnits }) => millions(writeUnits)),
      row("S3 PUT", ({ s3Puts }) => millions(s3Puts)),
      row("S3 GET", ({ s3Gets }) => millions(s3Gets)),
      row("Step Functions transitions of a scan (estimate)", ({ transitions }) => count(transitions)),
      row("USD, GPU (estimate)", ({ usdGpu }) => count(usdGpu)),
      row("USD, all else", ({ usdOther }) => usdOther.toFixed(2)),
    ],
  );
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function millions(value: number): string {
  return `${(value / 1e6).toLocaleString("en-US", { maximumFractionDigits: 2 })} M`;
}
