import { statesOf, JOB_STATUSES, type JobStatus, type LedgerItem } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import { OTHER_MODEL_VERSION } from "../../contract/models.js";
import { failedAttempts, nextAttempt } from "./attempts.js";
import { failureCode, failureReason } from "./failureReason.js";
import { logEnd } from "./jobEnd.js";
import type { JobLedger } from "./jobLedger.js";
import type { ObjectStore, StoredObject } from "./objectStore.js";
import type { Telemetry } from "./telemetry.js";

/** The services that find and record a job's outcome. */
export interface OutcomeServices {
  readonly settings: {
    readonly submissionTimeoutSeconds: number;
    readonly maxInvocationSeconds: number;
    readonly maxAttempts: number;
  };
  readonly ledger: JobLedger;
  readonly objects: ObjectStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** How an attempt ended. Times are ISO 8601. */
export type Outcome =
  | { readonly state: "completed"; readonly at: string; readonly outputLocation?: string }
  | {
      readonly state: "failed";
      readonly at: string;
      readonly reason: string;
      readonly failureLocation?: string;
      /** Whether the instance was stopped before the answer: nothing is wrong with the request. */
      readonly interrupted?: boolean;
    }
  | { readonly state: "expired"; readonly at: string; readonly reason: string }
  /** The model has another version than the one that the job is for, and scored nothing. */
  | { readonly state: "refused"; readonly at: string };

/** The container's error code for a request that it could not finish before its instance was stopped. */
const STOPPED = "SHUTTING_DOWN";

/** Longest difference between the clocks of two execution environments, with a margin, in seconds. */
const CLOCK_MARGIN_SECONDS = 30;

/** Whether a job has no outcome yet. */
export function isUnfinished(item: LedgerItem): boolean {
  return statusOf(item) === "in_progress";
}

/** Whether a job is within its retention period; DynamoDB can take days to delete it afterwards. */
export function isWithinRetention(item: LedgerItem, now: Date): boolean {
  return item.expires_at * 1_000 > now.getTime();
}

/** The status that a caller sees for a job's state. */
export function statusOf({ state }: LedgerItem): JobStatus {
  return JOB_STATUSES.find((status) => statesOf(status).includes(state)) ?? "in_progress";
}

/**
 * The one way back: records how an attempt ended. It changes nothing if the attempt has ended already, or another one
 * was started. A job that expired, or whose instance was stopped, waits for its next attempt, until it failed as often as
 * the stack allows. A refused one waits too: for the end of an update that brings its version back, or for the sweeper,
 * which ends it.
 *
 * @param item the job, in the attempt that ended
 * @returns the job with its current state, and whether this call changed it
 */
export async function recordEnd(
  item: LedgerItem,
  outcome: Outcome,
  { settings, ledger, telemetry }: OutcomeServices,
): Promise<{ readonly job: LedgerItem; readonly recorded: boolean }> {
  const reread = async () => ({ job: (await ledger.read(item.output_id)) ?? item, recorded: false });
  const next = isUnfinished(item) ? attemptAfter(item, outcome, settings.maxAttempts) : undefined;
  if (next) {
    const { output_id, attempt } = next;
    telemetry.warn("A job waits for its next attempt", { output_id, attempt, ended: outcome.state });
    return (await ledger.begin(next, item)) ? { job: next, recorded: true } : reread();
  }
  if (outcome.state === "refused") return reread();
  const written = await ledger.advance(item, outcome.state, {
    completed_at: outcome.at,
    ...("reason" in outcome && { reason: outcome.reason }),
    ...("outputLocation" in outcome && { output_location: outcome.outputLocation }),
    ...("failureLocation" in outcome && { failure_location: outcome.failureLocation }),
  });
  if (written === undefined) return reread();
  if (outcome.state === "completed") telemetry.meter.completed(item.model_version);
  else telemetry.meter.failed(item.model_version);
  logEnd(item, outcome, telemetry);
  return { job: written, recorded: true };
}

/** The attempt that follows by itself on an outcome; undefined if the outcome is final. */
function attemptAfter(item: LedgerItem, outcome: Outcome, maxAttempts: number): LedgerItem | undefined {
  if (outcome.state === "refused") return { ...nextAttempt(item, false), refused_at: outcome.at };
  const isInterrupted = outcome.state === "expired" || (outcome.state === "failed" && outcome.interrupted);
  if (!isInterrupted || failedAttempts({ ...item, state: "expired" }) >= maxAttempts) return undefined;
  return nextAttempt(item, true);
}

/**
 * Updates the ledger from the objects in S3: finds out whether an unfinished job has ended, and records it. A submission
 * that was interrupted waits for its next attempt.
 *
 * @param item as read from the ledger
 * @returns the job with its current state
 */
export async function recordOutcome(item: LedgerItem, services: OutcomeServices): Promise<LedgerItem> {
  const { settings, now } = services;
  const age = (now().getTime() - Date.parse(item.sent_at ?? item.submitted_at)) / 1_000;
  if (item.state === "submitting") {
    // The call that submits the job may still run until the time-out of its function.
    if (age <= settings.submissionTimeoutSeconds + CLOCK_MARGIN_SECONDS) return item;
    const at = now().toISOString();
    const reason = "The submission was interrupted before the endpoint accepted the job; submit again.";
    return (await recordEnd(item, { state: "expired", at, reason }, services)).job;
  }
  if (item.state !== "in_progress") return item;
  const outcome = (await storedOutcome(item, services)) ?? (age > LONGEST_JOB_SECONDS ? givenUp(now()) : undefined);
  return outcome === undefined ? item : (await recordEnd(item, outcome, services)).job;
}

function givenUp(now: Date): Outcome {
  return {
    state: "expired",
    at: now.toISOString(),
    reason: `SageMaker wrote neither a result nor a failure within ${LONGEST_JOB_SECONDS / 60} minutes, the longest time a request can take; submit again.`,
  };
}

/** The outcome of a job by the objects that SageMaker wrote; undefined if there are none yet. */
async function storedOutcome(item: LedgerItem, services: OutcomeServices): Promise<Outcome | undefined> {
  const [output, failure] = await Promise.all([
    find(item.output_location, services),
    find(item.failure_location, services),
  ]);
  if (output) return { state: "completed", at: output.modifiedAt };
  if (failure === undefined) return undefined;
  return failureAt(item.failure_location, failure.modifiedAt, services);
}

/**
 * The outcome of an attempt without an answer, with the model's own reason.
 *
 * @param location S3 address of the failure object
 * @param otherwise the reason if the object has none
 */
export async function failureAt(
  location: string | undefined,
  at: string,
  { objects, settings }: OutcomeServices,
  otherwise = "",
): Promise<Extract<Outcome, { readonly state: "failed" | "refused" }>> {
  const stored = location === undefined ? undefined : await objects.readText(location);
  const text = stored?.trim() ? stored : otherwise;
  const code = failureCode(text);
  if (code === OTHER_MODEL_VERSION) return { state: "refused", at };
  const reason = failureReason(text, settings.maxInvocationSeconds);
  return { state: "failed", at, reason, ...(code === STOPPED && { interrupted: true }) };
}

async function find(location: string | undefined, { objects }: OutcomeServices): Promise<StoredObject | undefined> {
  return location === undefined ? undefined : objects.find(location);
}
