import { statesOf, JOB_STATUSES, type JobStatus, type LedgerItem } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import { failedAttempts, nextAttempt } from "./attempts.js";
import { failureReason } from "./failureReason.js";
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
  | { readonly state: "failed"; readonly at: string; readonly reason: string; readonly failureLocation?: string }
  | { readonly state: "expired"; readonly at: string; readonly reason: string };

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
 * was started. An expired job waits for its next attempt, until it failed as often as the stack allows.
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
  if (outcome.state === "expired" && isUnfinished(item)) {
    const next = nextAttempt(item, true);
    if (failedAttempts({ ...item, state: "expired" }) < settings.maxAttempts) {
      telemetry.warn("An expired job waits for its next attempt", { output_id: item.output_id, attempt: next.attempt });
      return (await ledger.begin(next, item)) ? { job: next, recorded: true } : reread();
    }
  }
  const written = await ledger.advance(item, outcome.state, {
    completed_at: outcome.at,
    ...("reason" in outcome && { reason: outcome.reason }),
    ...("outputLocation" in outcome && { output_location: outcome.outputLocation }),
    ...("failureLocation" in outcome && { failure_location: outcome.failureLocation }),
  });
  if (written === undefined) return reread();
  if (outcome.state === "completed") telemetry.meter.completed();
  else telemetry.meter.failed();
  return { job: written, recorded: true };
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
  return { state: "failed", at: failure.modifiedAt, reason: await reasonAt(item.failure_location, services) };
}

/**
 * The model's own reason for a failure.
 *
 * @param location S3 address of the failure object
 * @param otherwise the reason if the object has none
 */
export async function reasonAt(
  location: string | undefined,
  { objects, settings }: OutcomeServices,
  otherwise = "",
): Promise<string> {
  const text = location === undefined ? undefined : await objects.readText(location);
  return failureReason(text?.trim() ? text : otherwise, settings.maxInvocationSeconds);
}

async function find(location: string | undefined, { objects }: OutcomeServices): Promise<StoredObject | undefined> {
  return location === undefined ? undefined : objects.find(location);
}
