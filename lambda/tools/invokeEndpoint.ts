import { ToolError } from "../../contract/errors.js";
import { canonicalJson, inferenceIdOf, outputIdOf, sequenceSha256, type LedgerItem } from "../../contract/jobs.js";
import { inputKey, s3Uri } from "../../contract/storage.js";
import type { InvokeEndpointData } from "../../contract/tools.js";
import { jobFields, NO_REASON, type Done } from "./toolAnswer.js";
import type { AcceptedInvocation } from "../shared/modelEndpoint.js";
import { estimate, readQueue, phaseOf } from "./estimate.js";
import { maskedCopies, refuseLongJob } from "./jobLimit.js";
import { readSubmission, type Submission } from "./toolInput.js";
import type { ToolsServices } from "./services.js";
import { isUnfinished, isWithinRetention, recordOutcome } from "../shared/jobOutcome.js";

const SECONDS_PER_DAY = 86_400;

/**
 * `invoke_endpoint`: submits one protein, or finds the job of an equal request.
 *
 * @param input the tool's arguments as the caller sent them
 * @throws InputError for invalid input or a job that takes too long, with nothing stored or started; ToolError if an AWS call fails
 */
export async function invokeEndpoint(
  input: Readonly<Record<string, unknown>>,
  services: ToolsServices,
): Promise<Done<InvokeEndpointData>> {
  const submission = readSubmission(input);
  const { ledger, settings, telemetry } = services;
  const outputId = outputIdOf(submission.request, settings.modelVersion);
  const known = await ledger.read(outputId);
  const job = known && (await recordOutcome(known, services));
  if (job && isWithinRetention(job, services.now())) {
    if (isUnfinished(job)) return answer(job, false, services);
    if (job.state === "completed" && (await isReadable(job, services))) {
      telemetry.meter.cached();
      return answerFinished(job, true, services);
    }
  }
  refuseLongJob(submission.request, settings.maxInvocationSeconds);
  return answer(await start(outputId, submission, job, services), true, services);
}

async function isReadable(item: LedgerItem, { objects }: ToolsServices): Promise<boolean> {
  const stored = item.output_location === undefined ? undefined : await objects.find(item.output_location);
  return stored !== undefined && !stored.archived;
}

/** Starts the next attempt of a job. Returns the current job: that of another call if it started an attempt first. */
async function start(
  outputId: string,
  submission: Submission,
  previous: LedgerItem | undefined,
  services: ToolsServices,
): Promise<LedgerItem> {
  const { ledger, objects, settings, telemetry } = services;
  const input = { bucket: settings.bucketName, key: inputKey(outputId) };
  await objects.writeJson(input.bucket, input.key, canonicalJson(submission.request));
  const item = newAttempt(outputId, submission, (previous?.attempt ?? 0) + 1, services);
  if (!(await ledger.begin(item, previous))) return reread(outputId, services);
  const { outputLocation, failureLocation } = await invoke(item, s3Uri(input), services);
  telemetry.meter.submitted(item.sequence_length);
  const { attempt, sequence_length, sequence_sha256 } = item;
  telemetry.info("Job submitted", { output_id: outputId, attempt, sequence_length, sequence_sha256 });
  const accepted = await ledger.advance(item, "in_progress", {
    output_location: outputLocation,
    ...(failureLocation !== undefined && { failure_location: failureLocation }),
  });
  return accepted ?? reread(outputId, services);
}

/** Invokes the endpoint. If that fails, the attempt is recorded as failed, so that the next submission starts another. */
async function invoke(item: LedgerItem, inputLocation: string, services: ToolsServices): Promise<AcceptedInvocation> {
  const { endpoint, ledger, telemetry, now } = services;
  try {
    return await endpoint.invoke(inputLocation, item.inference_id);
  } catch (error) {
    telemetry.meter.failed();
    const reason =
      error instanceof ToolError ? error.message : "The submission failed inside the service; submit again.";
    try {
      await ledger.advance(item, "failed", { completed_at: now().toISOString(), reason });
    } catch {
      // The caller gets the first error. `recordOutcome` records the failure after the function's time-out.
      telemetry.warn("The failed submission could not be recorded", { output_id: item.output_id });
    }
    throw error;
  }
}

function newAttempt(outputId: string, submission: Submission, attempt: number, services: ToolsServices): LedgerItem {
  const { settings, now } = services;
  const { request, name } = submission;
  const submittedAt = now();
  return {
    output_id: outputId,
    state: "submitting",
    submitted_at: submittedAt.toISOString(),
    expires_at: Math.floor(submittedAt.getTime() / 1_000) + settings.jobRetentionDays * SECONDS_PER_DAY,
    attempt,
    inference_id: inferenceIdOf(outputId, attempt),
    sequence_sha256: sequenceSha256(request.sequence),
    sequence_length: request.sequence.length,
    model: settings.modelId,
    revision: settings.modelRevision,
    image_digest: settings.modelVersion,
    scoring: request.scoring,
    masked_copies: maskedCopies(request),
    ...(name !== undefined && { name }),
  };
}

async function reread(outputId: string, { ledger }: ToolsServices): Promise<LedgerItem> {
  const item = await ledger.read(outputId);
  if (item === undefined) throw new Error(`Job ${outputId} was deleted from the ledger while it was submitted.`);
  return item;
}

async function answer(item: LedgerItem, started: boolean, services: ToolsServices): Promise<Done<InvokeEndpointData>> {
  if (!isUnfinished(item)) return answerFinished(item, false, services);
  const queue = await readQueue(item, services);
  const { completion, retryAfterSeconds } = estimate(item, queue, services.now());
  return {
    message:
      `${started ? "The job was submitted" : "The job is already in progress"}; ` +
      `call get_results in ${retryAfterSeconds} s.`,
    data: {
      ...jobFields(item),
      sequence_length: item.sequence_length,
      phase: phaseOf(queue),
      cached: false,
      estimated_completion_time: completion,
      retry_after_seconds: retryAfterSeconds,
    },
  };
}

function answerFinished(item: LedgerItem, cached: boolean, { now }: ToolsServices): Done<InvokeEndpointData> {
  return {
    message:
      item.state === "completed"
        ? "The job is completed; get_results has the result."
        : `The job ended without a result: ${item.reason ?? NO_REASON}`,
    data: {
      ...jobFields(item),
      sequence_length: item.sequence_length,
      phase: null,
      cached,
      estimated_completion_time: item.completed_at ?? now().toISOString(),
      retry_after_seconds: 0,
    },
  };
}
