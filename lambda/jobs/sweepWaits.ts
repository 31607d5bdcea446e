import type { Wait } from "../../contract/waits.js";
import { isUnfinished } from "../shared/jobOutcome.js";
import type { JobLedger } from "../shared/jobLedger.js";
import { redactor } from "../shared/redaction.js";
import { answerIfLast, settleWait, type WaitServices } from "../shared/waits.js";
import { inGroups } from "./inGroups.js";

/** Most waits of one sweep, oldest first: a scan has fewer at a time. */
const MOST_WAITS = 100;

/** A wait of this age, in seconds, may have missed the end of a job. */
const LATE_SECONDS = 120;

/** Age of a wait, in seconds, from which a job that the ledger does not have never comes: its submission has ended. */
const NEVER_SUBMITTED_SECONDS = 900;

export interface SweepWaitsServices extends WaitServices {
  readonly ledger: JobLedger;
  readonly now: () => Date;
}

/**
 * Answers tasks that missed the end of a job: one whose notification was lost, that was cancelled before it was sent, or
 * that was never submitted because its scan was cancelled.
 *
 * @param leftMs gives the time that is left, in milliseconds
 */
export async function sweepWaits(services: SweepWaitsServices, leftMs: () => number): Promise<void> {
  const { now, telemetry, waits } = services;
  for (const wait of await waits.store.openWaits(MOST_WAITS)) {
    const age = (now().getTime() - Date.parse(wait.submitted_at)) / 1_000;
    if (age < LATE_SECONDS) continue;
    try {
      await settleEnded(wait, age, services, leftMs);
    } catch (error) {
      // One wait must not stop the others; the next sweep tries it again.
      telemetry.error(`The wait ${wait.output_id} could not be settled`, error, redactor({}));
    }
  }
}

async function settleEnded(wait: Wait, age: number, services: SweepWaitsServices, leftMs: () => number): Promise<void> {
  const open = [...(wait.open_jobs ?? [])];
  // The function that took the last job out ended before it could answer.
  if (open.length === 0) await answerIfLast(wait, services);
  await inGroups(open, leftMs, async (id) => {
    const job = await services.ledger.read(id);
    const ended = job === undefined ? age >= NEVER_SUBMITTED_SECONDS : !isUnfinished(job);
    if (ended) await settleWait(wait.output_id, id, job?.state === "completed", services);
  });
}
