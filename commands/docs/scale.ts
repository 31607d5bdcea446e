import { MAX_IN_FLIGHT } from "../../contract/limits.js";
import { SHARD_PROTEINS } from "../../contract/scan.js";
import { modelSeconds } from "../../lambda/shared/estimate.js";
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

/** US dollars in us-east-1; the pages are in docs/scale.md. */
const USD = {
  instanceHour: 1.22,
  readUnit: 0.125e-6,
  writeUnit: 0.625e-6,
  s3Put: 0.005e-3,
  s3Get: 0.0004e-3,
  lambdaRequest: 0.2e-6,
  lambdaGbSecond: 0.0000133334,
  snsPublish: 0.5e-6,
  sqsRequest: 0.4e-6,
  transition: 0.025e-3,
};

/**
 * DynamoDB's units of one job, from the code: a submission reads the job, the measured times twice, and the queue twice; it
 * writes the job and its acceptance. The recorder reads the job and the times, and writes both. A write of a job also
 * writes the two indexes that hold it, the one by state twice if the state changes.
 */
const READS_BESIDE_QUEUE = 4.5;
const WRITES = 12;

/** Size of a job in the ledger, and what one eventually consistent read unit reads, in kB. */
const JOB_KB = 0.8;
const READ_UNIT_KB = 8;

/** Times that a submission reads all jobs in SageMaker's queue. */
const QUEUE_READS = 2;

/** S3: the request and the result are written; SageMaker reads the request, a caller the result. */
const S3_PUTS = 2;
const S3_GETS = 2;

/** Lambda: submission, recorder and result, as seconds of 512 MB; an estimate until they are measured in AWS. */
const LAMBDA = { calls: 3, gbSeconds: 3 * 0.2 * 0.5 };

/** Messages: one of SNS, and receiving and deleting it in SQS. */
const MESSAGES = { sns: 1, sqs: 2 };

/** Proteins in a shard of a scan, and state transitions of each shard. */
const SHARD = { proteins: SHARD_PROTEINS, transitions: 5 };

/** Read units that one partition of a table or an index serves in a second. */
const PARTITION_READ_UNITS = 3_000;

/** Read units with which a submission reads the queue, at a number of jobs in it. */
export function queueReadUnits(jobsInQueue: number): number {
  return QUEUE_READS * Math.ceil((jobsInQueue * JOB_KB) / READ_UNIT_KB);
}

/** Submissions in a second at which the index by state is exhausted, at a number of jobs in SageMaker's queue. */
export function submissionsPerSecond(jobsInQueue: number): number {
  return PARTITION_READ_UNITS / queueReadUnits(jobsInQueue);
}

/** What a load needs, with SageMaker's queue as full as the service lets it become. */
export function scaleOf({ proteins, residues, hours }: Load): Scale {
  const seconds = modelSeconds({ sequence_length: residues, scoring: "masked-marginals" });
  const gpuHours = (proteins * seconds) / 3_600;
  const readUnits = proteins * (READS_BESIDE_QUEUE + queueReadUnits(Math.min(proteins, MAX_IN_FLIGHT)));
  const writeUnits = proteins * WRITES;
  const [s3Puts, s3Gets] = [proteins * S3_PUTS, proteins * S3_GETS];
  const transitions = Math.ceil(proteins / SHARD.proteins) * SHARD.transitions;
  const usdOther =
    readUnits * USD.readUnit +
    writeUnits * USD.writeUnit +
    s3Puts * USD.s3Put +
    s3Gets * USD.s3Get +
    transitions * USD.transition +
    proteins * (LAMBDA.calls * USD.lambdaRequest + LAMBDA.gbSeconds * USD.lambdaGbSecond) +
    proteins * (MESSAGES.sns * USD.snsPublish + MESSAGES.sqs * USD.sqsRequest);
  return {
    gpuHours,
    instances: Math.ceil(gpuHours / hours),
    perSecond: proteins / (hours * 3_600),
    readUnits,
    writeUnits,
    s3Puts,
    s3Gets,
    transitions,
    usdGpu: gpuHours * USD.instanceHour,
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
