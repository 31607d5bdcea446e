import { InputError } from "../../contract/errors.js";
import { outputIdOf, type LedgerItem } from "../../contract/jobs.js";
import { parseShardId } from "../../contract/scan.js";
import { waitKey } from "../../contract/waits.js";
import { readQueue, type Queue } from "../shared/estimate.js";
import { isUnfinished } from "../shared/jobOutcome.js";
import type { Submission } from "../shared/submitJob.js";
import { submitOrWait } from "../shared/submitOrWait.js";
import { settleWait } from "../shared/waits.js";
import { requestOf } from "./cutShards.js";
import { ofScan, readShard, type ScanServices } from "./services.js";

/** Proteins that are submitted at the same time, with one look at the endpoint's queue. */
const AT_A_TIME = 20;

/** Seconds that a wait is kept: longer than a task of a shard may take. */
const KEPT_SECONDS = 7 * 86_400;

/**
 * Submits the proteins of a shard, each by the one submit path, for a task that waits with a token. The wait is recorded
 * first, so that no end of a job is missed. A shard whose jobs have all ended is answered at once.
 *
 * @throws InputError if the shard was deleted; ToolError if an AWS call fails
 */
export async function submitShard(shard: string, token: string, unpinned: ScanServices): Promise<void> {
  const services = await ofScan(parseShardId(shard).scan, unpinned);
  const { settings, telemetry, waits, now } = services;
  const records = await readShard(shard, services);
  if (records === undefined) {
    throw new InputError("FILE_UNREADABLE", `Shard ${shard} was deleted; start the scan again.`);
  }
  const submissions = new Map<string, Submission>();
  for (const record of records) {
    if (!("sequence" in record)) continue;
    const request = requestOf(record.sequence);
    submissions.set(outputIdOf(request, settings.modelVersion), { request, tags: [], shard });
  }
  if (submissions.size === 0) {
    await waits.answers.succeed(token, { jobs: 0, completed: 0 });
    return;
  }
  await waits.store.open({
    task_token: token,
    shard,
    submitted_at: now().toISOString(),
    expires_at: Math.floor(now().getTime() / 1_000) + KEPT_SECONDS,
    all_jobs: new Set(submissions.keys()),
  });
  const all = [...submissions];
  for (let start = 0; start < all.length; start += AT_A_TIME) {
    const queue = await readQueue(settings.modelVersion, services);
    const some = all.slice(start, start + AT_A_TIME);
    const submitted = some.map(([id, submission]) => submitProtein(id, submission, queue, token, services));
    try {
      await Promise.all(submitted);
    } finally {
      // After an error the task is tried again: no call may still run then.
      await Promise.allSettled(submitted);
    }
  }
  telemetry.info("A shard of a scan was submitted", { shard, jobs: all.length });
}

async function submitProtein(
  id: string,
  submission: Submission,
  queue: Queue,
  token: string,
  services: ScanServices,
): Promise<void> {
  const job = await submittedJob(submission, queue, services);
  const ended = job === undefined || !isUnfinished(job);
  if (ended) await settleWait(waitKey(token), id, job?.state === "completed", services);
}

/** The job of a protein; undefined if it is refused. */
async function submittedJob(
  submission: Submission,
  queue: Queue,
  services: ScanServices,
): Promise<LedgerItem | undefined> {
  try {
    return await submitOrWait(submission, queue, services);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    services.telemetry.info("A protein of a scan was refused", { error_code: error.code });
    return undefined;
  }
}
