import type { LedgerItem } from "../../contract/jobs.js";
import { recordOutcome } from "../shared/jobOutcome.js";
import { redactor } from "../shared/redaction.js";
import type { JobServices } from "../shared/services.js";
import { inGroups } from "./inGroups.js";
import { isPastDeadline } from "./jobGauge.js";
import { MOST_SENT, sendWaiting } from "./sendWaiting.js";

/** Most jobs that are sent or being sent, in one sweep: the rest follows in the next. */
const MOST_JOBS = 500;

/** Pages of the ledger that are read to count more jobs than one sweep works on: some 20,000 jobs. */
const COUNTED_PAGES = 16;

/** Most waiting jobs that are read of several versions: those of one that is not in service must not hide those of others. */
const MOST_WAITING = 20_000;

/** A job this late, in seconds, may have lost its notification. */
const LATE_SECONDS = 120;

/** What a sweep did, in numbers of jobs. */
export interface Sweep {
  /** Jobs that were late or interrupted, and had ended or were queued again. */
  readonly settled: number;
  readonly sent: number;
}

/**
 * Settles the jobs that nobody asks for and whose notifications were lost, and sends waiting jobs while the endpoint's
 * queue has room.
 *
 * @param leftMs gives the time that is left, in milliseconds
 */
export async function sweep(services: JobServices, leftMs: () => number): Promise<Sweep> {
  const { settled, unsettled } = await settle(services, leftMs);
  const limit = services.models === undefined ? MOST_SENT : MOST_WAITING;
  const waiting = await services.ledger.inState("waiting", { limit, oldestFirst: true });
  await gauge(unsettled, waiting, limit, services);
  const sent = await sendWaiting(waiting, services, leftMs);
  if (settled + sent > 0) services.telemetry.info("Sweep", { settled, sent });
  return { settled, sent };
}

/** Records how many jobs are unfinished, before waiting ones are sent. */
async function gauge(
  sent: readonly LedgerItem[],
  waiting: readonly LedgerItem[],
  mostWaiting: number,
  { ledger, settings, telemetry, now }: JobServices,
): Promise<void> {
  const count = (state: "waiting" | "in_progress", found: number, most: number): Promise<number> | number =>
    found < most ? found : ledger.countInState(state, COUNTED_PAGES);
  const late = [...sent, ...waiting].filter((job) => isPastDeadline(job, settings.submissionTimeoutSeconds, now()));
  telemetry.gauge({
    waiting: await count("waiting", waiting.length, mostWaiting),
    sent: await count("in_progress", sent.length, MOST_JOBS),
    pastDeadline: late.length,
  });
}

/** @returns how many jobs were settled, and the jobs that are sent or being sent still */
async function settle(
  services: JobServices,
  leftMs: () => number,
): Promise<{ readonly settled: number; readonly unsettled: readonly LedgerItem[] }> {
  const { ledger, telemetry, now } = services;
  const page = { limit: MOST_JOBS, oldestFirst: true };
  const [interrupted, running] = await Promise.all([
    ledger.inState("submitting", page),
    ledger.inState("in_progress", page),
  ]);
  const limit = new Date(now().getTime() - LATE_SECONDS * 1_000).toISOString();
  const late = running.filter(({ estimated_at, submitted_at }) => (estimated_at ?? submitted_at) < limit);
  const settled = new Set<LedgerItem>();
  await inGroups([...interrupted, ...late], leftMs, async (job) => {
    try {
      if ((await recordOutcome(job, services)) !== job) settled.add(job);
    } catch (error) {
      // One job must not stop the others; the next sweep tries it again.
      telemetry.error(`Job ${job.output_id} could not be settled`, error, redactor({}));
    }
  });
  const unsettled = [...interrupted, ...running].filter((job) => !settled.has(job));
  return { settled: settled.size, unsettled };
}
