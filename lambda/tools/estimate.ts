import { ToolError } from "../../contract/errors.js";
import type { JobPhase, LedgerItem, Scoring } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import type { EndpointState } from "../shared/modelEndpoint.js";
import type { Telemetry } from "../shared/telemetry.js";
import type { ToolsServices } from "./services.js";

/**
 * Tokens that the slowest of the recommended GPUs (L4) passes through the 350M model in a second: 30 TFLOP/s of the
 * 0.7 GFLOP that a token takes. Estimates only; nothing depends on their being right.
 */
const TOKENS_PER_SECOND = 43_000;

/** The most residues in one window of the model: every masked copy is at most this long. */
const WINDOW = 2_046;

/** Fetching the request, answering, and writing the result to S3, in seconds. */
const OVERHEAD_SECONDS = 2;

/** From a queued request to a GPU instance that answers, starting at zero (measured elsewhere: 643 s), in seconds. */
const WARM_UP_SECONDS = 660;

const SOONEST_RETRY_SECONDS = 2;
const LATEST_RETRY_SECONDS = 60;

/** What is known of the queue when a job is looked at. */
export interface Queue {
  /** How the endpoint stands; undefined where that could not be found out. */
  readonly endpoint: EndpointState | undefined;
  /** Jobs in progress that were submitted before this one; undefined where they could not be counted. */
  readonly ahead: number | undefined;
  /** Invocations that one instance works on at a time. */
  readonly concurrency: number;
}

/** When a job may be finished. */
export interface Estimate {
  /** ISO 8601 */
  readonly completion: string;
  /** When to ask again, in seconds from now. */
  readonly retryAfterSeconds: number;
}

/**
 * What an unfinished job waits for. An estimate: the ledger knows the order of submission, not SageMaker's queue, and
 * jobs whose end nobody has noticed yet still count as ahead.
 *
 * @returns null where the endpoint's state or the queue is unknown, or the endpoint serves nothing
 */
export function phaseOf({ endpoint, ahead, concurrency }: Queue): JobPhase | null {
  if (!endpoint?.serving) return null;
  if (endpoint.instances === 0) return "warming";
  if (ahead === undefined) return null;
  return ahead < endpoint.instances * concurrency ? "running" : "queued";
}

/** What the model will work on for a job, in seconds, by its arithmetic alone. */
export function modelSeconds(sequenceLength: number, scoring: Scoring): number {
  const copies = scoring === "masked-marginals" ? sequenceLength : Math.ceil(sequenceLength / (WINDOW / 2));
  return (copies * Math.min(sequenceLength, WINDOW)) / TOKENS_PER_SECOND;
}

/**
 * When a job may be finished: its own work, that of the jobs ahead (taken to be like it) shared among the instances,
 * and the start of an instance where there is none.
 */
export function estimate(
  job: Pick<LedgerItem, "submitted_at" | "sequence_length" | "scoring">,
  queue: Queue,
  now: Date,
): Estimate {
  const own = OVERHEAD_SECONDS + modelSeconds(job.sequence_length, job.scoring);
  const instances = Math.max(queue.endpoint?.instances ?? 0, 1);
  const warmUp = queue.endpoint?.instances === 0 ? WARM_UP_SECONDS : 0;
  const total = warmUp + own * (1 + (queue.ahead ?? 0) / instances);
  const elapsed = (now.getTime() - Date.parse(job.submitted_at)) / 1_000;
  const remaining = Math.max(total - elapsed, 1);
  return {
    completion: new Date(now.getTime() + remaining * 1_000).toISOString(),
    retryAfterSeconds: Math.min(Math.max(Math.ceil(remaining / 2), SOONEST_RETRY_SECONDS), LATEST_RETRY_SECONDS),
  };
}

/**
 * Looks at the queue from a job's place in it. What cannot be found out is left open and logged: then the phase is
 * unknown, but no job fails for it.
 */
export async function lookAtQueue(item: LedgerItem, services: ToolsServices): Promise<Queue> {
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
  // The oldest job that is counted has none ahead of it, and DynamoDB refuses a range that runs backwards.
  return before < since ? 0 : ledger.countInProgress(since, before);
}

async function orUnknown<Value>(fact: Promise<Value>, telemetry: Telemetry): Promise<Value | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    telemetry.warn("The queue could not be looked at", {
      error_code: error.code,
      action: String(error.details?.action),
    });
    return undefined;
  }
}
