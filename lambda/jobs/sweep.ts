import { ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { inputKey, s3Uri } from "../../contract/storage.js";
import { nextAttempt } from "../shared/attempts.js";
import { readQueue, type Queue } from "../shared/estimate.js";
import { recordOutcome } from "../shared/jobOutcome.js";
import { redactor } from "../shared/redaction.js";
import type { JobServices } from "../shared/services.js";
import { sendIfRoom } from "../shared/submitJob.js";

/** Most jobs of each kind in one sweep: the rest follows in the next. */
const MOST_JOBS = 500;

/** Jobs that are worked on at the same time. */
const AT_A_TIME = 10;

/** A job this late, in seconds, may have lost its notification. */
const LATE_SECONDS = 120;

/** Time left at which a sweep ends early, in milliseconds. */
const LEFT_MS = 10_000;

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
  const settled = await settle(services, leftMs);
  const sent = await sendWaiting(services, leftMs);
  if (settled + sent > 0) services.telemetry.info("Sweep", { settled, sent });
  return { settled, sent };
}

async function settle(services: JobServices, leftMs: () => number): Promise<number> {
  const { ledger, telemetry, now } = services;
  const page = { limit: MOST_JOBS, oldestFirst: true };
  const [interrupted, running] = await Promise.all([
    ledger.inState("submitting", page),
    ledger.inState("in_progress", page),
  ]);
  const limit = new Date(now().getTime() - LATE_SECONDS * 1_000).toISOString();
  const late = running.filter(({ estimated_at, submitted_at }) => (estimated_at ?? submitted_at) < limit);
  let settled = 0;
  await inGroups([...interrupted, ...late], leftMs, async (job) => {
    try {
      if ((await recordOutcome(job, services)) !== job) settled += 1;
    } catch (error) {
      // One job must not stop the others; the next sweep tries it again.
      telemetry.error(`Job ${job.output_id} could not be settled`, error, redactor({}));
    }
  });
  return settled;
}

async function sendWaiting(services: JobServices, leftMs: () => number): Promise<number> {
  const { ledger } = services;
  const waiting = await ledger.inState("waiting", { limit: MOST_JOBS, oldestFirst: true });
  const [first] = waiting;
  if (first === undefined) return 0;
  let queue = await readQueue(first.image_digest, services);
  if (!queue.endpoint?.serving) return 0;
  let sent = 0;
  let refused = false;
  await inGroups(waiting, leftMs, async (job) => {
    if (refused) return;
    const jobs = queue.jobs ?? [];
    queue = { ...queue, jobs: [...jobs, job] };
    try {
      if (await send(job, { ...queue, jobs }, services)) sent += 1;
    } catch (error) {
      // The endpoint refuses jobs now: the others wait for the next sweep.
      refused = true;
      if (!(error instanceof ToolError)) throw error;
    }
  });
  return sent;
}

/** Sends a job. If the endpoint refuses it, it waits again, as another attempt that does not count as failed. */
async function send(job: LedgerItem, queue: Queue, services: JobServices): Promise<boolean> {
  const { ledger, objects, settings, now } = services;
  const input = s3Uri({ bucket: settings.bucketName, key: inputKey(job.output_id) });
  if ((await objects.find(input)) === undefined) {
    const reason = "The stored request was deleted before the queue had room; submit again.";
    await ledger.advance(job, "failed", { completed_at: now().toISOString(), reason });
    return false;
  }
  try {
    return (await sendIfRoom(job, services, queue)).job.state !== "waiting";
  } catch (error) {
    const refused = await ledger.read(job.output_id);
    if (refused?.state === "failed" && refused.attempt === job.attempt)
      await ledger.begin(nextAttempt(job, false), refused);
    throw error;
  }
}

/** Works on items some at a time, until they or the time end. */
export async function inGroups<Item>(
  items: readonly Item[],
  leftMs: () => number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length && leftMs() > LEFT_MS; start += AT_A_TIME) {
    await Promise.all(items.slice(start, start + AT_A_TIME).map(work));
  }
}
