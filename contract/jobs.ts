import { createHash } from "node:crypto";

/** How a protein is scored (Meier et al. 2021, doi:10.1101/2021.07.09.450648). */
export const SCORINGS = ["masked-marginals", "wt-marginals"] as const;
export type Scoring = (typeof SCORINGS)[number];

/** A request for one protein in canonical form: equal requests are equal texts. The container gets it as it is. */
export interface JobRequest {
  readonly sequence: string;
  readonly scoring: Scoring;
  /** Canonical variants (`K10A;L12V`), sorted, without duplicates. */
  readonly variants?: readonly string[];
  /** Canonical positions (`10-25,40`). */
  readonly positions?: string;
  /** Whether all sites of a multiple mutant are masked together; absent if not. */
  readonly joint?: true;
  /** Number that the caller's numbering adds to the 1-based index; absent if 0. */
  readonly numbering_offset?: number;
}

/** The canonical JSON of a request: keys in a fixed order, without absent ones. */
export function canonicalJson(request: JobRequest): string {
  const { sequence, scoring, variants, positions, joint, numbering_offset } = request;
  return JSON.stringify({ sequence, scoring, variants, positions, joint, numbering_offset });
}

/**
 * The id of a job: a UUID (version 8, RFC 9562) from the SHA-256 of the request and of the model's version. Equal
 * requests are one job, and different models never share a result.
 *
 * @param request the canonical request
 * @param modelVersion the image's digest
 */
export function outputIdOf(request: JobRequest, modelVersion: string): string {
  const hash = createHash("sha256").update(canonicalJson(request)).update("\n").update(modelVersion).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** The SHA-256 of a sequence, in hex. It is logged and stored instead of the sequence. */
export function sequenceSha256(sequence: string): string {
  return createHash("sha256").update(sequence).digest("hex");
}

/** SageMaker's InferenceId of one attempt of a job. */
export function inferenceIdOf(outputId: string, attempt: number): string {
  return `${outputId}.${attempt}`;
}

/**
 * The states of a job in the ledger:
 * - `submitting`: the job is recorded, the endpoint has not accepted it yet
 * - `in_progress`: the endpoint accepted the job
 * - `completed`: the result is in S3
 * - `failed`: the submission or the model failed
 * - `expired`: SageMaker wrote neither a result nor a failure in the longest time that a request can take
 */
export const JOB_STATES = ["submitting", "in_progress", "completed", "failed", "expired"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The status that a caller sees: `submitting` is `in_progress` too. */
export type JobStatus = "in_progress" | "completed" | "failed" | "expired";

/** What an unfinished job waits for: a free instance (`queued`), the start of an instance (`warming`), or the model. */
export type JobPhase = "queued" | "warming" | "running";

/** Names of the ledger's indexes. */
export const LEDGER_INDEXES = {
  byState: "by-state",
  byModel: "by-model",
} as const;

/** A job in the ledger. Times are ISO 8601; `expires_at` is in seconds since 1970 (DynamoDB's TTL). */
export interface LedgerItem {
  readonly output_id: string;
  readonly state: JobState;
  readonly submitted_at: string;
  readonly expires_at: number;
  readonly attempt: number;
  readonly inference_id: string;
  readonly sequence_sha256: string;
  readonly sequence_length: number;
  readonly model: string;
  readonly revision: string;
  readonly image_digest: string;
  readonly scoring: Scoring;
  /** Number of masked copies of the protein that the model reads, 0 for wt-marginals; older jobs have none. */
  readonly masked_copies?: number;
  readonly name?: string;
  readonly output_location?: string;
  readonly failure_location?: string;
  readonly completed_at?: string;
  readonly reason?: string;
}
