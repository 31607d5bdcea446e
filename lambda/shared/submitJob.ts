import { InputError, ToolError } from "../../contract/errors.js";
import { canonicalJson, outputIdOf, submissionIdOf, type JobRequest, type LedgerItem } from "../../contract/jobs.js";
import { BASE_VERSION } from "../../contract/models.js";
import { inputKey, s3Uri } from "../../contract/storage.js";
import { failedAttempts, newAttempt, type AttemptSettings } from "./attempts.js";
import { refuseOverBudget, type Brake } from "./brake.js";
import { estimate, hasRoom, readQueue, type Queue, type QueueServices } from "./estimate.js";
import { logEnd } from "./jobEnd.js";
import { refuseLongJob } from "./jobLimit.js";
import { unknownModel, type ModelVersions } from "./modelVersions.js";
import { forVersion, worksOn } from "./versionServices.js";
import { isUnfinished, isWithinRetention, recordOutcome, type OutcomeServices } from "./jobOutcome.js";

/** A request, and the label that its submitter gives it. */
export interface Submission {
  readonly request: JobRequest;
  readonly name?: string;
  /** Sorted, without duplicates. */
  readonly tags: readonly string[];
  /** The shard of a scan that submits it; absent for all others. */
  readonly shard?: string;
  /** The model version that the caller names; absent lets the stack choose. */
  readonly model?: string;
}

/** A submitted job. */
export interface Submitted {
  readonly job: LedgerItem;
  /** Id of the submission; undefined if it has neither name nor tags. */
  readonly submissionId: string | undefined;
  /** Whether this submission started an attempt, or found an unfinished or a completed job. */
  readonly found: "started" | "unfinished" | "completed";
  /** The queue as it was read for the estimate; undefined if the job did not need it. */
  readonly queue: Queue | undefined;
}

/** The services that submit jobs. */
export interface SubmitServices extends OutcomeServices, QueueServices {
  readonly settings: OutcomeServices["settings"] &
    QueueServices["settings"] &
    AttemptSettings & { readonly bucketName: string; readonly maxCapacity: number };
  /** The versions of a stack that has several. Absent: the endpoint and the settings are those of the only one. */
  readonly models?: ModelVersions | undefined;
  /** Present with `monthlyBudgetUsd`. */
  readonly brake?: Brake | undefined;
}

/**
 * The one way in, and the one place where the model version is chosen: submits a request, or finds the job of an equal
 * request. A version that shadows gets the request too; what becomes of that, the caller never sees.
 *
 * @param known the queue of the only version, as it was read for many submissions at once; default: reads it
 * @throws InputError for a version that the stack does not have, and as in {@link submitTo}; ToolError `NO_ACTIVE_MODEL`,
 *   or if an AWS call fails
 */
export async function submitJob(submission: Submission, services: SubmitServices, known?: Queue): Promise<Submitted> {
  const { models, settings } = services;
  const { model, request } = submission;
  if (models === undefined) {
    const { versionName = BASE_VERSION } = settings;
    if (model !== undefined && model !== versionName) throw unknownModel(model, [versionName]);
    return submitTo(submission, services, known);
  }
  const { answers, shadow } = await models.choose(request.sequence, model);
  const submitted = await submitTo(submission, forVersion(services, answers));
  if (shadow) await submitShadow(request, forVersion(services, shadow));
  return submitted;
}

/** Submits a request to the version that shadows. The answer to the caller does not depend on it. */
async function submitShadow(request: JobRequest, services: SubmitServices): Promise<void> {
  const { settings, telemetry } = services;
  try {
    await submitTo({ request, tags: [] }, services);
  } catch (error) {
    telemetry.warn("The shadow of a job could not be submitted", {
      model_version: settings.versionName,
      error_code: error instanceof ToolError ? error.code : "INTERNAL_ERROR",
    });
  }
}

/**
 * Submits a request to one version. The ledger decides by a conditional write who
 * starts an attempt, and only then is the endpoint invoked. If its queue has no room, the job waits in the ledger.
 *
 * @param known the queue as it was read for many submissions at once; default: reads it
 * @throws InputError for a job that takes too long or failed too often, with nothing stored or started; ToolError if the
 *   budget is used up, likewise, or if an AWS call fails
 */
async function submitTo(submission: Submission, services: SubmitServices, known?: Queue): Promise<Submitted> {
  const { ledger, objects, settings, now } = services;
  const { request } = submission;
  const outputId = outputIdOf(request, settings.modelVersion);
  const found = await ledger.read(outputId);
  const previous = found && (await recordOutcome(found, services));
  const current = previous && isWithinRetention(previous, now()) ? previous : undefined;
  if (current && (isUnfinished(current) || (current.state === "completed" && (await isReadable(current, services))))) {
    const submissionId = await label(submission, current, services);
    if (current.state === "waiting")
      return { ...(await sendIfRoom(current, services, known)), submissionId, found: "unfinished" };
    const state = current.state === "completed" ? "completed" : "unfinished";
    return { job: current, submissionId, found: state, queue: undefined };
  }
  refuseLongJob(request, settings.maxInvocationSeconds);
  if (current) refuseFailingJob(current, settings.maxAttempts);
  await refuseOverBudget(services.brake);
  await objects.writeJson(settings.bucketName, inputKey(outputId), canonicalJson(request));
  const queue = known ?? (await readQueue(settings.modelVersion, services));
  const { shard } = submission;
  const waiting = { ...newAttempt(request, previous, settings, now()), ...(shard !== undefined && { shard }) };
  const room = hasRoom(waiting, queue, settings.maxCapacity);
  const attempt = room ? { ...waiting, ...sending(queue, services) } : waiting;
  const submissionId = await label(submission, attempt, services);
  if (!(await ledger.begin(attempt, previous))) {
    return { job: await reread(outputId, services), submissionId, found: "unfinished", queue };
  }
  if (!room) return { job: attempt, submissionId, found: "started", queue };
  // Read again: calls at the same time have recorded their jobs by now.
  const others = known ?? (await readQueue(settings.modelVersion, services));
  return { job: await invoke(attempt, others, services), submissionId, found: "started", queue: others };
}

/**
 * Sends a waiting job, if the endpoint's queue has room, no other call sends it, and the brake is off.
 *
 * @param queue as it was read; default: reads it
 * @returns the job with its current state
 * @throws ToolError if the endpoint refuses it; the attempt is then recorded as failed
 */
export async function sendIfRoom(
  job: LedgerItem,
  services: SubmitServices,
  queue?: Queue,
): Promise<{ readonly job: LedgerItem; readonly queue: Queue }> {
  const read = queue ?? (await readQueue(job.image_digest, services));
  // A version with the same image has the same jobs: its endpoint sends them.
  const room = worksOn(services, job) && hasRoom(job, read, services.settings.maxCapacity);
  if (!room || (await services.brake?.isOn())) return { job, queue: read };
  const { state, ...facts } = sending(read, services);
  const claimed = await services.ledger.advance(job, state, facts);
  const sent = claimed ? await invoke(claimed, read, services) : await reread(job.output_id, services);
  return { job: sent, queue: read };
}

/** What is recorded when an attempt is sent. */
function sending(queue: Queue, { now }: SubmitServices) {
  return {
    state: "submitting" as const,
    sent_at: now().toISOString(),
    ...(queue.endpoint && { instances: queue.endpoint.instances }),
  };
}

/** Invokes the endpoint. If that fails, the attempt is recorded as failed, so that the next submission starts another. */
async function invoke(item: LedgerItem, queue: Queue, services: SubmitServices): Promise<LedgerItem> {
  const { endpoint, ledger, settings, telemetry, now } = services;
  try {
    const estimated = estimate(item, queue, now()).completion;
    const input = s3Uri({ bucket: settings.bucketName, key: inputKey(item.output_id) });
    const { outputLocation, failureLocation } = await endpoint.invoke(input, item);
    telemetry.meter.submitted(item.sequence_length, item.model_version);
    const { output_id, attempt, sequence_length, sequence_sha256 } = item;
    telemetry.info("Job submitted", {
      output_id,
      attempt,
      sequence_length,
      sequence_sha256,
      ...(item.model_version !== undefined && { model_version: item.model_version }),
    });
    const accepted = await ledger.advance(item, "in_progress", {
      output_location: outputLocation,
      estimated_at: estimated,
      ...(failureLocation !== undefined && { failure_location: failureLocation }),
    });
    return accepted ?? (await reread(item.output_id, services));
  } catch (error) {
    telemetry.meter.failed(item.model_version);
    const reason =
      error instanceof ToolError ? error.message : "The submission failed inside the service; submit again.";
    try {
      const at = now().toISOString();
      await ledger.advance(item, "failed", { completed_at: at, reason });
      const code = error instanceof ToolError ? `${error.code}: ` : "";
      logEnd(item, { state: "failed", at, reason: code + reason }, telemetry);
    } catch {
      // The caller gets the first error. `recordOutcome` finds the interrupted submission after the function's time-out.
      telemetry.warn("The failed submission could not be recorded", { output_id: item.output_id });
    }
    throw error;
  }
}

async function isReadable(item: LedgerItem, { objects }: SubmitServices): Promise<boolean> {
  const stored = item.output_location === undefined ? undefined : await objects.find(item.output_location);
  return stored !== undefined && !stored.archived;
}

function refuseFailingJob(job: LedgerItem, maxAttempts: number): void {
  if (failedAttempts(job) < maxAttempts) return;
  throw new InputError(
    "TOO_MANY_ATTEMPTS",
    `The job failed ${maxAttempts} times, the last time with: ${job.reason ?? "no reason"} The operator of the stack ` +
      "can raise maxAttempts; another request for the same protein, such as fewer positions, is another job.",
    { details: { output_id: job.output_id, attempts: maxAttempts } },
  );
}

/** Records the label of a submission before its job: no labelled job is missing from a list. */
async function label(
  { name, tags }: Submission,
  { output_id: jobId, expires_at }: LedgerItem,
  { ledger, now }: SubmitServices,
): Promise<string | undefined> {
  if (name === undefined && tags.length === 0) return undefined;
  const submissionId = submissionIdOf(jobId, name, tags);
  await ledger.label({
    job_id: jobId,
    submission_id: submissionId,
    ...(name !== undefined && { name }),
    tags,
    submitted_at: now().toISOString(),
    expires_at,
  });
  return submissionId;
}

async function reread(outputId: string, { ledger }: SubmitServices): Promise<LedgerItem> {
  const item = await ledger.read(outputId);
  if (item === undefined) throw new Error(`Job ${outputId} was deleted from the ledger while it was submitted.`);
  return item;
}
