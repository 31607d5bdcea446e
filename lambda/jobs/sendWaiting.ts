import { ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { BASE_VERSION } from "../../contract/models.js";
import { inputKey, s3Uri } from "../../contract/storage.js";
import { nextAttempt } from "../shared/attempts.js";
import { readQueue, type Queue } from "../shared/estimate.js";
import { recordEnd } from "../shared/jobOutcome.js";
import type { JobServices } from "../shared/services.js";
import { sendIfRoom } from "../shared/submitJob.js";
import { forVersion } from "../shared/versionServices.js";
import { inGroups } from "./inGroups.js";

/** Most jobs of one endpoint that a sweep sends: the rest follows in the next. */
export const MOST_SENT = 500;

/** Age in seconds from which a job of an unknown model has one that was retired: no update of a stack takes so long. */
const RETIRED_SECONDS = 7_200;

/** Time after which a job that the model refused is sent again, in seconds: an update of the endpoint may have gone back. */
const REFUSED_SECONDS = 300;

/**
 * Sends waiting jobs, while the queues of their endpoints have room. A job is sent to the version and the image that its id
 * is of, or not at all.
 *
 * @param waiting oldest first
 * @param leftMs gives the time that is left, in milliseconds
 * @returns how many were sent
 */
export async function sendWaiting(
  waiting: readonly LedgerItem[],
  services: JobServices,
  leftMs: () => number,
): Promise<number> {
  const versions = services.models?.all.map((version) => forVersion(services, version)) ?? [services];
  const now = services.now().getTime();
  const retired = new Set(waiting.filter((job) => isRetired(job, versions, now)));
  await inGroups([...retired], leftMs, (job) => endRetired(job, services));
  const left = waiting.filter((job) => !retired.has(job) && !wasJustRefused(job, now));
  let sent = 0;
  for (const version of versions) {
    const own = left.filter((job) => scores(version, job));
    sent += await sendToEndpoint(own.slice(0, MOST_SENT), version, leftMs);
  }
  return sent;
}

/** Whether a version, with the image that it has now, is the one of a job. */
function scores({ settings }: JobServices, { model_version: name = BASE_VERSION, image_digest }: LedgerItem): boolean {
  return name === (settings.versionName ?? BASE_VERSION) && image_digest === settings.modelVersion;
}

/** Whether a waiting job is of a model that the stack does not have any more: nobody would ever score it. */
function isRetired(job: LedgerItem, versions: readonly JobServices[], now: number): boolean {
  const isKnown = versions.some((version) => scores(version, job));
  const isOld = now - Date.parse(job.submitted_at) > RETIRED_SECONDS * 1_000;
  // While a stack gets a new version, this function may know it later than the one that submitted the job. Of a job that was
  // refused, the model itself said that it has another version; if the functions never hear of it, the update was interrupted.
  return job.refused_at === undefined ? !isKnown && isOld : !isKnown || isOld;
}

/** Whether the model refused a job a moment ago. */
function wasJustRefused({ refused_at }: LedgerItem, now: number): boolean {
  return refused_at !== undefined && now - Date.parse(refused_at) < REFUSED_SECONDS * 1_000;
}

async function endRetired(job: LedgerItem, services: JobServices): Promise<void> {
  const { model_version: name = BASE_VERSION } = job;
  await fail(
    job,
    `The model version ${name} was retired or updated before the job was scored; submit again.`,
    services,
  );
}

async function fail(job: LedgerItem, reason: string, services: JobServices): Promise<void> {
  await recordEnd(job, { state: "failed", at: services.now().toISOString(), reason }, services);
}

/** Sends waiting jobs of one version, while its endpoint's queue has room. */
async function sendToEndpoint(
  waiting: readonly LedgerItem[],
  services: JobServices,
  leftMs: () => number,
): Promise<number> {
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
  const { ledger, objects, settings } = services;
  const input = s3Uri({ bucket: settings.bucketName, key: inputKey(job.output_id) });
  if ((await objects.find(input)) === undefined) {
    await fail(job, "The stored request was deleted before the queue had room; submit again.", services);
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
