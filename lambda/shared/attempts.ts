import { inferenceIdOf, outputIdOf, sequenceSha256, type JobRequest, type LedgerItem } from "../../contract/jobs.js";
import { maskedCopies } from "./jobLimit.js";

const SECONDS_PER_DAY = 86_400;

/** What a new job records about its stack. */
export interface AttemptSettings {
  readonly modelId: string;
  readonly modelRevision: string;
  readonly modelVersion: string;
  readonly jobRetentionDays: number;
  /** Name of the version; absent on a stack with one. */
  readonly versionName?: string;
  readonly endpointName: string;
}

/** The ledger item of a request, in state `waiting`: the first attempt, or the one after `previous`. */
export function newAttempt(
  request: JobRequest,
  previous: LedgerItem | undefined,
  settings: AttemptSettings,
  now: Date,
): LedgerItem {
  const outputId = outputIdOf(request, settings.modelVersion);
  const attempt = (previous?.attempt ?? 0) + 1;
  return {
    output_id: outputId,
    state: "waiting",
    submitted_at: now.toISOString(),
    expires_at: Math.floor(now.getTime() / 1_000) + settings.jobRetentionDays * SECONDS_PER_DAY,
    attempt,
    inference_id: inferenceIdOf(outputId, attempt),
    sequence_sha256: sequenceSha256(request.sequence),
    sequence_length: request.sequence.length,
    model: settings.modelId,
    revision: settings.modelRevision,
    image_digest: settings.modelVersion,
    ...(settings.versionName !== undefined && {
      model_version: settings.versionName,
      endpoint_name: settings.endpointName,
    }),
    scoring: request.scoring,
    masked_copies: maskedCopies(request),
    ...failures(previous === undefined ? 0 : failedAttempts(previous)),
  };
}

/**
 * The next attempt of an unfinished job, in state `waiting`, from its stored request.
 *
 * @param failed whether the attempt counts as failed
 */
export function nextAttempt(job: LedgerItem, failed: boolean): LedgerItem {
  const attempt = job.attempt + 1;
  return {
    ...unsent(job),
    state: "waiting",
    attempt,
    inference_id: inferenceIdOf(job.output_id, attempt),
    ...failures((job.failed_attempts ?? 0) + (failed ? 1 : 0)),
  };
}

/** Attributes of an attempt that was sent, or that ended. */
const OF_ATTEMPT: readonly string[] = [
  "sent_at",
  "estimated_at",
  "instances",
  "output_location",
  "failure_location",
  "completed_at",
  "reason",
  "refused_at",
] satisfies (keyof LedgerItem)[];

/** A job without what its last attempt recorded when it was sent, and when it ended. */
export function unsent(job: LedgerItem): LedgerItem {
  return Object.fromEntries(
    Object.entries(job).filter(([attribute]) => !OF_ATTEMPT.includes(attribute)),
  ) as unknown as LedgerItem;
}

/**
 * Number of attempts of an ended job that failed or expired since its last result. A submission that the endpoint
 * refused does not count: nothing ran.
 */
export function failedAttempts({ state, failed_attempts: before = 0, output_location: sent }: LedgerItem): number {
  if (state === "completed") return 0;
  return before + ((state === "failed" && sent !== undefined) || state === "expired" ? 1 : 0);
}

function failures(count: number): Pick<LedgerItem, "failed_attempts"> {
  return count === 0 ? {} : { failed_attempts: count };
}
