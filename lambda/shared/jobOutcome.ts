import type { JobStatus, LedgerItem } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import { failureReason } from "./failureReason.js";
import type { JobLedger } from "./jobLedger.js";
import type { ObjectStore, StoredObject } from "./objectStore.js";
import type { Telemetry } from "./telemetry.js";

/** The services that find a job's outcome. */
export interface OutcomeServices {
  readonly settings: { readonly functionTimeoutSeconds: number; readonly maxInvocationSeconds: number };
  readonly ledger: JobLedger;
  readonly objects: ObjectStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** Longest difference between the clocks of two execution environments, with a margin, in seconds. */
const CLOCK_MARGIN_SECONDS = 30;

/** Whether a job has no outcome yet. */
export function isUnfinished(item: LedgerItem): boolean {
  return item.state === "submitting" || item.state === "in_progress";
}

/** Whether a job is within its retention period; DynamoDB can take days to delete it afterwards. */
export function isWithinRetention(item: LedgerItem, now: Date): boolean {
  return item.expires_at * 1_000 > now.getTime();
}

/** The status that a caller sees for a job's state. */
export function statusOf({ state }: LedgerItem): JobStatus {
  return state === "submitting" ? "in_progress" : state;
}

/**
 * Updates the ledger from the objects in S3: finds out whether an unfinished job has ended, and records it. If two
 * calls find the same outcome, it is recorded once.
 *
 * @param item as read from the ledger
 * @returns the job with its current state
 */
export async function recordOutcome(item: LedgerItem, services: OutcomeServices): Promise<LedgerItem> {
  if (!isUnfinished(item)) return item;
  const { settings, ledger, objects, telemetry, now } = services;
  const age = (now().getTime() - Date.parse(item.submitted_at)) / 1_000;
  const record = async (
    state: "completed" | "failed" | "expired",
    at: string,
    reason?: string,
  ): Promise<LedgerItem> => {
    const written = await ledger.advance(item, state, { completed_at: at, ...(reason !== undefined && { reason }) });
    if (written === undefined) return (await ledger.read(item.output_id)) ?? item;
    if (state === "completed") telemetry.meter.completed();
    else telemetry.meter.failed();
    return written;
  };

  if (item.state === "submitting") {
    // The call that submits the job may still run until its function's time-out.
    if (age <= settings.functionTimeoutSeconds + CLOCK_MARGIN_SECONDS) return item;
    return record(
      "failed",
      now().toISOString(),
      "The submission was interrupted before the endpoint accepted the job; submit again.",
    );
  }
  const [output, failure] = await Promise.all([
    find(item.output_location, services),
    find(item.failure_location, services),
  ]);
  if (output) return record("completed", output.modifiedAt);
  if (failure && item.failure_location !== undefined) {
    const text = (await objects.readText(item.failure_location)) ?? "";
    return record("failed", failure.modifiedAt, failureReason(text, settings.maxInvocationSeconds));
  }
  if (age > LONGEST_JOB_SECONDS) {
    return record(
      "expired",
      now().toISOString(),
      `SageMaker wrote neither a result nor a failure within ${LONGEST_JOB_SECONDS / 60} minutes, the longest time a request can take; submit again.`,
    );
  }
  return item;
}

async function find(location: string | undefined, { objects }: OutcomeServices): Promise<StoredObject | undefined> {
  return location === undefined ? undefined : objects.find(location);
}
