import type { JobStatus, LedgerItem } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";
import { failureReason } from "./failureReason.js";
import type { JobLedger } from "./jobLedger.js";
import type { ObjectStore, StoredObject } from "./objectStore.js";
import type { Telemetry } from "./telemetry.js";

/** The services that find out how a job ended. */
export interface OutcomeServices {
  readonly ledger: JobLedger;
  readonly objects: ObjectStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** A submission this old, in seconds, that no endpoint accepted was interrupted: the function lives half as long. */
const SUBMISSION_SECONDS = 60;

/** Whether a job waits for its end. */
export function isUnfinished(item: LedgerItem): boolean {
  return item.state === "submitting" || item.state === "in_progress";
}

/** What a job's state looks like to a caller. */
export function statusOf({ state }: LedgerItem): JobStatus {
  return state === "submitting" ? "in_progress" : state;
}

/**
 * Brings the ledger up to date with what S3 says of a job, and gives the job as it stands: what no notification told,
 * this finds out. Two calls that find out the same thing record it once.
 *
 * @param item as read from the ledger
 */
export async function settle(item: LedgerItem, services: OutcomeServices): Promise<LedgerItem> {
  if (!isUnfinished(item)) return item;
  const { ledger, objects, telemetry, now } = services;
  const age = (now().getTime() - Date.parse(item.submitted_at)) / 1_000;
  const end = async (state: "completed" | "failed" | "expired", at: string, reason?: string): Promise<LedgerItem> => {
    const written = await ledger.advance(item, state, { completed_at: at, ...(reason !== undefined && { reason }) });
    if (written === undefined) return (await ledger.read(item.output_id)) ?? item;
    if (state === "completed") telemetry.meter.completed();
    else telemetry.meter.failed();
    return written;
  };

  if (item.state === "submitting") {
    if (age <= SUBMISSION_SECONDS) return item;
    return end(
      "failed",
      now().toISOString(),
      "The submission was interrupted before the endpoint took it; submit again.",
    );
  }
  const [output, failure] = await Promise.all([
    find(item.output_location, services),
    find(item.failure_location, services),
  ]);
  if (output) return end("completed", output.modifiedAt);
  if (failure && item.failure_location !== undefined) {
    return end("failed", failure.modifiedAt, failureReason((await objects.readText(item.failure_location)) ?? ""));
  }
  if (age > LONGEST_JOB_SECONDS) {
    return end(
      "expired",
      now().toISOString(),
      `Neither a result nor a failure within ${LONGEST_JOB_SECONDS / 3_600} hours, the longest that SageMaker keeps a request; submit again.`,
    );
  }
  return item;
}

async function find(location: string | undefined, { objects }: OutcomeServices): Promise<StoredObject | undefined> {
  return location === undefined ? undefined : objects.find(location);
}
