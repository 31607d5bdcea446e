import { ToolError } from "../../contract/errors.js";
import type { JobPhase, LedgerItem } from "../../contract/jobs.js";
import { MAX_IN_FLIGHT, REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import { BASE_VERSION, MAX_MORE_VERSIONS } from "../../contract/models.js";
import type { JobLedger } from "./jobLedger.js";
import type { EndpointState, ModelEndpoint } from "./modelEndpoint.js";
import type { ServiceTimes, ServiceTimesStore } from "./serviceTimes.js";
import type { Telemetry } from "./telemetry.js";

/**
 * Times of the 350M model on the slowest recommended GPU (L4: 30 TFLOP/s, 0.7 GFLOP per token) until they are measured.
 * `jobSeconds` is to read the request from S3 and to write the result.
 */
export const ASSUMED_TIMES: ServiceTimes = { jobSeconds: 2, tokenSeconds: 1 / 43_000 };

/** Most residues in one window of the model: no masked copy is longer. */
const WINDOW = 2_046;

/** Tokens of a batch on a GPU; see `batch_tokens` of a result. */
const BATCH_TOKENS = 16_384;

/** Time from a queued request to a running GPU instance, if there is none, in seconds (643 s were measured). */
const WARM_UP_SECONDS = 660;

/** Part of the queue TTL that may be used: instances start late, and estimates can be wrong. */
const USED_TTL = 0.5;

/** Shortest and longest time until a caller asks again, in seconds. */
const SHORTEST_RETRY_SECONDS = 0.2;
const LONGEST_RETRY_SECONDS = 60;

/** Part of the estimated time after which a caller asks again, and part of the time so far if a job is late. */
const RETRY_SHARE = 0.7;
const LATE_SHARE = 0.1;

/** What the model computes for a job. */
export type Work = Pick<LedgerItem, "sequence_length" | "scoring" | "masked_copies">;

/** A job whose end is estimated. */
export type EstimatedJob = Work & Pick<LedgerItem, "output_id" | "state" | "sent_at" | "estimated_at">;

/** The endpoint and the jobs that it works on. */
export interface Queue {
  /** The state of the endpoint; undefined if it could not be read. */
  readonly endpoint: EndpointState | undefined;
  /** Jobs that SageMaker has or is about to get, oldest first; undefined if they could not be read. */
  readonly jobs: readonly EstimatedJob[] | undefined;
  /** Most requests that one instance works on at a time. */
  readonly concurrency: number;
  /** Measured times; undefined if nothing was measured. */
  readonly times: ServiceTimes | undefined;
}

/** An estimate of when a job is finished. */
export interface Estimate {
  /** ISO 8601 */
  readonly completion: string;
  /** Time until the caller should ask again, in seconds. */
  readonly retryAfterSeconds: number;
}

/** Number of tokens that the model reads for a job: those of all copies of the protein. */
export function tokensOf({ sequence_length: length, scoring, masked_copies: masked = length }: Work): number {
  const copies = scoring === "masked-marginals" ? masked : Math.ceil(length / (WINDOW / 2));
  return copies * Math.min(length, WINDOW);
}

/** Estimated time that the model takes for a job on the slowest recommended GPU, by itself, in seconds. */
export function modelSeconds(work: Work): number {
  return tokensOf(work) * ASSUMED_TIMES.tokenSeconds;
}

/**
 * The phase of an unfinished job. It is an estimate: the ledger has the order of submission, not SageMaker's queue.
 *
 * @returns null if the endpoint's state or the queue is unknown, or the endpoint accepts no requests
 */
export function phaseOf(job: EstimatedJob, { endpoint, jobs, concurrency }: Queue): JobPhase | null {
  if (!endpoint?.serving) return null;
  if (endpoint.instances === 0) return "warming";
  if (jobs === undefined) return null;
  if (job.state === "waiting") return "queued";
  return aheadOf(job, jobs).length < endpoint.instances * concurrency ? "running" : "queued";
}

/** Whether the endpoint's queue has room: one more job will end before SageMaker gives it up. True if that is unknown. */
export function hasRoom(job: Work, queue: Queue, maxCapacity: number): boolean {
  const { jobs } = queue;
  if (jobs === undefined) return true;
  return jobs.length < MAX_IN_FLIGHT && workSeconds([...jobs, job], queue) <= drainedSeconds(maxCapacity);
}

/** Time that one instance takes for jobs, at its concurrency, in seconds. */
export function workSeconds(
  works: readonly Work[],
  { times = ASSUMED_TIMES, concurrency }: Pick<Queue, "times" | "concurrency">,
): number {
  return times.tokenSeconds * sum(works.map(tokensOf)) + (times.jobSeconds * works.length) / concurrency;
}

/** Work that drains before SageMaker gives it up, with a margin, in seconds of one instance. */
export function drainedSeconds(maxCapacity: number): number {
  return REQUEST_TTL_SECONDS * USED_TTL * maxCapacity;
}

/**
 * Estimates when a job is finished, from the time that the jobs ahead and its own take, measured or assumed, the number
 * of instances and their concurrency, and the start of an instance if there is none. A job that was sent keeps its first
 * estimate, unless the queue became shorter or the job is late.
 */
export function estimate(job: EstimatedJob, queue: Queue, now: Date): Estimate {
  const until = (time: string): number => (Date.parse(time) - now.getTime()) / 1_000;
  const planned = job.estimated_at === undefined ? Infinity : until(job.estimated_at);
  const elapsed = job.sent_at === undefined ? 0 : -until(job.sent_at);
  const remaining = Math.min(secondsToEnd(job, queue, now), planned);
  const late = remaining <= 0;
  const seconds = Math.max(remaining, late ? elapsed * LATE_SHARE : 0, SHORTEST_RETRY_SECONDS);
  const retry = late ? seconds : seconds * RETRY_SHARE;
  return {
    completion: new Date(now.getTime() + seconds * 1_000).toISOString(),
    retryAfterSeconds: rounded(Math.min(Math.max(retry, SHORTEST_RETRY_SECONDS), LONGEST_RETRY_SECONDS)),
  };
}

/** Whole seconds from 10 on, else tenths. */
function rounded(seconds: number): number {
  return seconds >= 10 ? Math.round(seconds) : Math.round(seconds * 10) / 10;
}

function secondsToEnd(job: EstimatedJob, queue: Queue, now: Date): number {
  const { endpoint, jobs = [], concurrency, times = ASSUMED_TIMES } = queue;
  const instances = Math.max(endpoint?.instances ?? 0, 1);
  const slots = instances * concurrency;
  const ahead = aheadOf(job, jobs).map(
    (other, index) => tokensOf(other) * (index < slots ? unfinished(other, now) : 1),
  );
  const own = tokensOf(job);
  // The last of them, and jobs sent after this one while slots are free, run beside it: the model alternates their
  // batches, so that only that part of them counts that is computed before the end of this job, at least a batch.
  const first = Math.max(ahead.length - (slots - 1), 0);
  const turn = Math.max(own, BATCH_TOKENS);
  const beside = [...ahead.slice(first), ...behind(job, jobs).map(tokensOf)];
  const shared =
    own +
    sum(ahead.slice(0, first)) +
    Math.min(sum(beside.map((tokens) => Math.min(tokens, turn))), turn * (slots - 1));
  const warmUp = endpoint?.instances === 0 ? WARM_UP_SECONDS : 0;
  return warmUp + times.jobSeconds * (1 + first / slots) + times.tokenSeconds * Math.max(own, shared / instances);
}

/** The jobs that were sent before a job; all of them if it was not sent yet. */
function aheadOf(
  { output_id: id, sent_at: sent }: EstimatedJob,
  jobs: readonly EstimatedJob[],
): readonly EstimatedJob[] {
  return jobs.filter((job) => job.output_id !== id && (sent === undefined || (job.sent_at ?? "") < sent));
}

/** The jobs that were sent after a job, or at the same time. */
function behind(
  { output_id: id, sent_at: sent }: EstimatedJob,
  jobs: readonly EstimatedJob[],
): readonly EstimatedJob[] {
  return sent === undefined ? [] : jobs.filter((job) => job.output_id !== id && (job.sent_at ?? "") >= sent);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The part of a running job that is left, by its own estimate; at least a tenth. */
function unfinished({ sent_at: sent, estimated_at: estimated }: EstimatedJob, now: Date): number {
  if (sent === undefined || estimated === undefined) return 1;
  const start = Date.parse(sent);
  const done = (now.getTime() - start) / Math.max(Date.parse(estimated) - start, 1);
  return Math.min(Math.max(1 - done, 0.1), 1);
}

/** The services that read the queue. */
export interface QueueServices {
  readonly settings: {
    readonly maxConcurrentInvocations: number;
    /** The version whose queue it is; absent on a stack with one. */
    readonly versionName?: string;
  };
  readonly ledger: JobLedger;
  readonly endpoint: ModelEndpoint;
  readonly times: ServiceTimesStore;
  readonly telemetry: Telemetry;
}

/**
 * Reads the endpoint's state, the jobs in progress and the measured times. If a read fails, it is logged and the value
 * is undefined: the caller still gets an answer, without a phase.
 *
 * @param modelVersion the image's digest
 */
export async function readQueue(modelVersion: string, services: QueueServices): Promise<Queue> {
  const { endpoint, ledger, settings, telemetry, times } = services;
  const { versionName: version } = settings;
  // The ledger has the jobs of all versions in one list.
  const page = { limit: MAX_IN_FLIGHT * (version === undefined ? 1 : 1 + MAX_MORE_VERSIONS), oldestFirst: true };
  const sent = Promise.all([ledger.inState("in_progress", page), ledger.inState("submitting", page)]);
  const [state, jobs, measured] = await Promise.all([
    orUnknown(endpoint.state(), telemetry),
    orUnknown(sent, telemetry),
    orUnknown(times.read(modelVersion), telemetry),
  ]);
  const own = jobs
    ?.flat()
    .filter(({ model_version: name = BASE_VERSION }) => version === undefined || name === version);
  return { endpoint: state, jobs: own, concurrency: settings.maxConcurrentInvocations, times: measured };
}

async function orUnknown<Value>(fact: Promise<Value>, telemetry: Telemetry): Promise<Value | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    telemetry.warn("The state of the queue could not be read", {
      error_code: error.code,
      action: String(error.details?.action),
    });
    return undefined;
  }
}
