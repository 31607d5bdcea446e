import { ToolError } from "../../contract/errors.js";
import type { JobPhase, LedgerItem } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import type { EndpointState } from "../shared/modelEndpoint.js";
import type { Telemetry } from "../shared/telemetry.js";
import type { ToolsServices } from "./services.js";

/**
 * Tokens per second of the 350M model on the slowest recommended GPU (L4): 30 TFLOP/s, 0.7 GFLOP per token. Only
 * estimates use it.
 */
const TOKENS_PER_SECOND = 43_000;

/** Most residues in one window of the model: no masked copy is longer. */
const WINDOW = 2_046;

/** Time to read the request from S3 and to write the result, in seconds. */
const OVERHEAD_SECONDS = 2;

/** Time from a queued request to a running GPU instance, if there is none, in seconds (643 s were measured). */
const WARM_UP_SECONDS = 660;

/** Shortest and longest time until a caller asks again, in seconds. */
const SHORTEST_RETRY_SECONDS = 2;
const LONGEST_RETRY_SECONDS = 60;

/** The queue at the place of one job. */
export interface Queue {
  /** The state of the endpoint; undefined if it could not be read. */
  readonly endpoint: EndpointState | undefined;
  /** Number of jobs in progress that were submitted before this one; undefined if they could not be counted. */
  readonly ahead: number | undefined;
  /** Most requests that one instance works on at a time. */
  readonly concurrency: number;
}

/** An estimate of when a job is finished. */
export interface Estimate {
  /** ISO 8601 */
  readonly completion: string;
  /** Time until the caller should ask again, in seconds. */
  readonly retryAfterSeconds: number;
}

/**
 * The phase of an unfinished job. It is an estimate: the ledger has the order of submission, not SageMaker's queue, and
 * it still counts jobs whose end is not recorded yet.
 *
 * @returns null if the endpoint's state or the queue is unknown, or the endpoint accepts no requests
 */
export function phaseOf({ endpoint, ahead, concurrency }: Queue): JobPhase | null {
  if (!endpoint?.serving) return null;
  if (endpoint.instances === 0) return "warming";
  if (ahead === undefined) return null;
  return ahead < endpoint.instances * concurrency ? "running" : "queued";
}

/** What the model computes for a job. */
export type Work = Pick<LedgerItem, "sequence_length" | "scoring" | "masked_copies">;

/**
 * Estimated time that the model takes for a job on the slowest recommended GPU, in seconds: the tokens of all copies of
 * the protein, divided by the speed. It assumes that no other job shares the GPU.
 */
export function modelSeconds({ sequence_length: length, scoring, masked_copies: masked = length }: Work): number {
  const copies = scoring === "masked-marginals" ? masked : Math.ceil(length / (WINDOW / 2));
  return (copies * Math.min(length, WINDOW)) / TOKENS_PER_SECOND;
}

/**
 * Estimates when a job is finished, from its own computing time, that of the jobs ahead (as if each were like this job)
 * divided by the number of instances, and the start of an instance if there is none.
 */
export function estimate(job: Work & Pick<LedgerItem, "submitted_at">, queue: Queue, now: Date): Estimate {
  const own = OVERHEAD_SECONDS + modelSeconds(job);
  const instances = Math.max(queue.endpoint?.instances ?? 0, 1);
  const warmUp = queue.endpoint?.instances === 0 ? WARM_UP_SECONDS : 0;
  const total = warmUp + own * (1 + (queue.ahead ?? 0) / instances);
  const elapsed = (now.getTime() - Date.parse(job.submitted_at)) / 1_000;
  const remaining = Math.max(total - elapsed, 1);
  return {
    completion: new Date(now.getTime() + remaining * 1_000).toISOString(),
    retryAfterSeconds: Math.min(Math.max(Math.ceil(remaining / 2), SHORTEST_RETRY_SECONDS), LONGEST_RETRY_SECONDS),
  };
}

/**
 * Reads the endpoint's state, and counts the jobs ahead of a job. If a read fails, it is logged and the value is
 * undefined: the caller still gets an answer, without a phase.
 */
export async function readQueue(item: LedgerItem, services: ToolsServices): Promise<Queue> {
  const { endpoint, settings, telemetry } = services;
  const [state, ahead] = await Promise.all([
    orUnknown(endpoint.state(), telemetry),
    orUnknown(countAhead(item, services), telemetry),
  ]);
  return { endpoint: state, ahead, concurrency: settings.maxConcurrentInvocations };
}

async function countAhead(item: LedgerItem, { ledger, now }: ToolsServices): Promise<number> {
  const since = new Date(now().getTime() - LONGEST_JOB_SECONDS * 1_000).toISOString();
  const before = new Date(Date.parse(item.submitted_at) - 1).toISOString();
  // No job can be ahead of one as old as this, and DynamoDB refuses a range whose end is before its start.
  return before < since ? 0 : ledger.countInProgress(since, before);
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
