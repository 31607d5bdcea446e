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
  return uuidOf(`${canonicalJson(request)}\n${modelVersion}`);
}

/** A UUID (version 8, RFC 9562) from the SHA-256 of a text. */
export function uuidOf(text: string): string {
  const hash = createHash("sha256").update(text).digest();
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

/** Job and attempt of an InferenceId; undefined if it is none of this service. */
export function parseInferenceId(inferenceId: string): { outputId: string; attempt: number } | undefined {
  const [, outputId, attempt] = /^([0-9a-f-]{36})\.([1-9]\d{0,8})$/.exec(inferenceId) ?? [];
  return outputId === undefined ? undefined : { outputId, attempt: Number(attempt) };
}

/**
 * The states of a job in the ledger:
 * - `waiting`: the job is recorded and its request is stored; it is sent once the endpoint's queue has room
 * - `submitting`: the job is being sent, the endpoint has not accepted it yet
 * - `in_progress`: the endpoint accepted the job
 * - `completed`: the result is in S3
 * - `failed`: the submission or the model failed
 * - `expired`: SageMaker gave the job up, or wrote neither a result nor a failure in the longest time it can take
 * - `cancelled`: a caller cancelled the job; what SageMaker still reports about it changes nothing
 */
export const JOB_STATES = [
  "waiting",
  "submitting",
  "in_progress",
  "completed",
  "failed",
  "expired",
  "cancelled",
] as const;
export type JobState = (typeof JOB_STATES)[number];

/**
 * The states that can precede each state within one attempt. Every write has this condition: a job only moves forward,
 * and a final state is final.
 *
 * Only two writes change the number of the attempt, both on the condition that the job is still as it was read:
 *
 * | write     | from                                     | to                                    |
 * | --------- | ---------------------------------------- | ------------------------------------- |
 * | `begin`   | no job, or a final state                 | `waiting` or `submitting`, next attempt |
 * | `requeue` | `submitting` (interrupted), `in_progress` (expired, refused) | `waiting`, next attempt |
 */
export const EARLIER_STATES: Readonly<Record<JobState, readonly JobState[]>> = {
  waiting: [],
  submitting: ["waiting"],
  in_progress: ["submitting"],
  completed: ["submitting", "in_progress"],
  failed: ["waiting", "submitting", "in_progress"],
  expired: ["submitting", "in_progress"],
  cancelled: ["waiting", "submitting", "in_progress"],
};

/** The status that a caller sees: `waiting` and `submitting` are `in_progress` too. */
export const JOB_STATUSES = ["in_progress", "completed", "failed", "expired", "cancelled"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The states of a job that has this status. */
export function statesOf(status: JobStatus): readonly JobState[] {
  return status === "in_progress" ? ["waiting", "submitting", "in_progress"] : [status];
}

/** What an unfinished job waits for: a free instance (`queued`), the start of an instance (`warming`), or the model. */
export const JOB_PHASES = ["queued", "warming", "running"] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** Names of the ledger's indexes. */
export const LEDGER_INDEXES = {
  byState: "by-state",
  byModel: "by-model",
  /** Only labels with a tag are in it. */
  byTag: "by-tag",
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
  /** Name of the model version, and its endpoint; absent where the stack had one version only. */
  readonly model_version?: string;
  readonly endpoint_name?: string;
  readonly scoring: Scoring;
  /** Number of masked copies of the protein that the model reads, 0 for wt-marginals; older jobs have none. */
  readonly masked_copies?: number;
  /** Attempts that failed or expired since the last result; absent for 0. */
  readonly failed_attempts?: number;
  /** Time at which the attempt was sent to the endpoint. */
  readonly sent_at?: string;
  /** Estimated time of completion when the attempt was sent. */
  readonly estimated_at?: string;
  /** Number of running instances when the attempt was sent; absent if unknown. */
  readonly instances?: number;
  readonly output_location?: string;
  readonly failure_location?: string;
  readonly completed_at?: string;
  readonly reason?: string;
  /** Time at which the model refused the attempt before, because it has another version; the job waits again. */
  readonly refused_at?: string;
  /** The shard of a scan that started the attempt, see contract/scan.ts: its file in the result store has the rows. */
  readonly shard?: string;
}

/**
 * The label that one submission gives to a job: name and tags. Jobs are shared by all who submit the same request, labels
 * are not. The ledger has a label under `label/{submission_id}`, and a copy for each tag under
 * `label/{submission_id}/{number}`, where the index by tag finds it.
 */
export interface Label {
  /** The key of the item. */
  readonly output_id: string;
  readonly job_id: string;
  readonly submission_id: string;
  readonly name?: string;
  readonly tags: readonly string[];
  /** The tag by which this copy is found. */
  readonly tag?: string;
  readonly submitted_at: string;
  readonly expires_at: number;
}

/** Key of a label in the ledger. */
export function labelKey(submissionId: string): string {
  return `label/${submissionId}`;
}

/**
 * The id of a submission: a UUID from job, name and tags, so that submitting the same twice is one submission.
 *
 * @param tags sorted, without duplicates
 */
export function submissionIdOf(outputId: string, name: string | undefined, tags: readonly string[]): string {
  return uuidOf(JSON.stringify([outputId, name ?? null, tags]));
}
