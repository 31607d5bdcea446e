import * as z from "zod";
import type { ErrorCode, ErrorDetails, Fault } from "./errors.js";
import type { DropCounts, RecordError } from "./fastaDrop.js";
import { JOB_STATUSES, SCORINGS, type JobPhase, type JobStatus } from "./jobs.js";
import {
  MAX_NAME_LENGTH,
  MAX_NUMBERING_OFFSET,
  MAX_PAGE,
  MAX_SEQUENCE_LENGTH,
  MAX_TAG_LENGTH,
  MAX_TAGS,
  MAX_TOP,
  MAX_VARIANTS,
} from "./limits.js";
import type { VariantEffects } from "./result.js";
import type { Summary } from "./summary.js";

export const TOOL_NAMES = ["invoke_endpoint", "get_results", "list_jobs", "cancel_job", "submit_fasta"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

const variantList = z
  .union([z.string(), z.array(z.string()).max(MAX_VARIANTS)])
  .describe(
    `up to ${MAX_VARIANTS} substitutions such as K10A or p.Lys10Ala, joined with ';' for multiple mutants; a list, or a text with commas or spaces`,
  );

const positionText = z.string().describe("positions and ranges in your numbering, such as 10-25,40");

/** Input of `invoke_endpoint`: one protein, and what to score. */
export const invokeEndpointInput = z.strictObject({
  sequence: z
    .string()
    .describe(`one protein, plain or FASTA: 1 to ${MAX_SEQUENCE_LENGTH} residues of the 20 standard amino acids`),
  name: z
    .string()
    .max(MAX_NAME_LENGTH)
    .optional()
    .describe(`your name of the protein, at most ${MAX_NAME_LENGTH} characters`),
  tags: z
    .array(z.string())
    .optional()
    .describe(`up to ${MAX_TAGS} tags of at most ${MAX_TAG_LENGTH} characters, by which list_jobs finds the job`),
  scoring: z
    .enum(SCORINGS)
    .default("masked-marginals")
    .describe("masked-marginals, or wt-marginals: faster, one pass without masks"),
  variants: variantList.optional(),
  positions: positionText.optional(),
  joint: z.boolean().default(false).describe("whether to mask all sites of a multiple mutant together"),
  numbering_offset: z
    .int()
    .min(-MAX_NUMBERING_OFFSET)
    .max(MAX_NUMBERING_OFFSET)
    .default(0)
    .describe("number that your numbering adds to the 1-based position"),
  allow_dna_letters: z
    .boolean()
    .default(false)
    .describe("whether 30 or more letters of only A, C, G, T and N are a protein; else they are refused as DNA"),
});
export type InvokeEndpointInput = z.infer<typeof invokeEndpointInput>;

/** Input of `get_results`: a job, and which part of its result to return. */
export const getResultsInput = z.strictObject({
  output_id: z.string().describe("id of the job, from invoke_endpoint"),
  submission_id: z
    .string()
    .optional()
    .describe("id of your submission, from invoke_endpoint: the answer then has your name and tags"),
  detail: z.enum(["summary", "full"]).optional().describe("summary (under 8 kB), or full (the whole matrix)"),
  top: z
    .int()
    .min(1)
    .max(MAX_TOP)
    .default(10)
    .describe(`number of best and worst variants in a summary, 1 to ${MAX_TOP}`),
  positions: positionText.optional(),
  variants: variantList.optional(),
});
export type GetResultsInput = z.infer<typeof getResultsInput>;

/** Input of `list_jobs`: which jobs to list, and where to continue. */
export const listJobsInput = z.strictObject({
  status: z.enum(JOB_STATUSES).optional().describe("only jobs with this status"),
  tag: z.string().optional().describe("only submissions with this tag"),
  limit: z.int().min(1).max(MAX_PAGE).default(20).describe(`most jobs in the answer, 1 to ${MAX_PAGE}`),
  next_token: z.string().optional().describe("next_token of the last answer, with the same status and tag"),
});
export type ListJobsInput = z.infer<typeof listJobsInput>;

/** Input of `cancel_job`. */
export const cancelJobInput = z.strictObject({
  output_id: z.string().describe("id of the job, from invoke_endpoint"),
});

/** Input of `submit_fasta`: a whole FASTA file, one of the two. */
export const submitFastaInput = z.strictObject({
  fasta: z.string().optional().describe("the text of a FASTA file, up to the 6 MB that Lambda takes in one call"),
  s3_uri: z
    .string()
    .optional()
    .describe("address of a FASTA file in uploads/ of the bucket of the stack, such as s3://bucket/uploads/a.fasta"),
});
export type SubmitFastaInput = z.infer<typeof submitFastaInput>;

/** `data` of a successful `invoke_endpoint`. */
export interface InvokeEndpointData {
  readonly output_id: string;
  /** Id of this submission, if it has a name or tags. */
  readonly submission_id?: string;
  readonly status: JobStatus;
  readonly phase: JobPhase | null;
  /** Whether the job was already completed before this call. */
  readonly cached: boolean;
  readonly sequence_length: number;
  /** Address of the result in S3; null until the endpoint has accepted the job. */
  readonly s3_output_path: string | null;
  /** ISO 8601, estimated from the jobs ahead, the endpoint's state and measured times. */
  readonly estimated_completion_time: string;
  readonly retry_after_seconds: number;
  /** What was changed in the input, such as a stop codon that was dropped; absent if nothing was. */
  readonly notes?: readonly string[];
}

/** `data` of a successful `get_results`. */
export interface GetResultsData {
  readonly status: JobStatus;
  readonly phase: JobPhase | null;
  readonly output_id: string;
  /** Name and tags of the submission, if the call has its `submission_id`. */
  readonly name?: string;
  readonly tags?: readonly string[];
  /** The summary or the full result of a completed job, else null. */
  readonly results: Summary | VariantEffects | null;
  readonly s3_output_path: string | null;
  readonly completion_time: string | null;
  readonly retry_after_seconds: number | null;
  /** Why the job failed, expired or was cancelled; absent for other jobs. */
  readonly reason?: string;
  /** When the job failed; this and the next two only for a failed job. */
  readonly failure_time?: string | null;
  /** Address of what the model wrote about the failure; null if it wrote nothing. */
  readonly s3_failure_path?: string | null;
  /** The same as `reason`. */
  readonly error_details?: string;
}

/** One job in the answer of `list_jobs`. */
export interface ListedJob {
  readonly output_id: string;
  readonly status: JobStatus;
  readonly submitted_at: string;
  readonly sequence_length: number;
  readonly completion_time: string | null;
  readonly reason?: string;
  /** Submission, name and tags; only in a list by tag. */
  readonly submission_id?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
}

/** `data` of a successful `list_jobs`: newest first. */
export interface ListJobsData {
  readonly jobs: readonly ListedJob[];
  /** Where to continue; null at the end. */
  readonly next_token: string | null;
}

/** `data` of a successful `cancel_job`. */
export interface CancelJobData {
  readonly output_id: string;
  /** `cancelled`, or the status with which the job had ended before. */
  readonly status: JobStatus;
  /** Whether SageMaker will never get the request. If not, the model may still work on it, and nobody gets the result. */
  readonly withdrawn: boolean;
}

/** `data` of a successful `submit_fasta`: the state of the file. Its records are in the manifest. */
export interface SubmitFastaData {
  /** S3 address of the file. */
  readonly file: string;
  /**
   * `submitted`: the file will be read; `running`: it was read, and not all of its jobs have ended; `ended`;
   * `refused`: nothing was started, see `error`.
   */
  readonly status: "submitted" | "running" | "ended" | "refused";
  /** Number of records, at most 10,000; null until the file was read. */
  readonly records: number | null;
  /** Number of records by how their jobs ended; null until all have ended. */
  readonly counts: DropCounts | null;
  readonly error: RecordError | null;
  /** S3 addresses of what is written beside the file. */
  readonly manifest: string;
  readonly summary: string;
  readonly top_variants: string;
}

/** The answer of a tool that succeeded. */
export interface ToolSuccess<Data> {
  readonly success: true;
  readonly message: string;
  readonly timestamp: string;
  readonly data: Data;
}

/** The answer of a tool that failed; at most {@link MAX_ERROR_BYTES} bytes as JSON. */
export interface ToolFailure {
  readonly success: false;
  readonly error_code: ErrorCode;
  readonly message: string;
  readonly errors?: readonly Fault[];
  readonly details?: ErrorDetails;
  readonly timestamp: string;
}

export type ToolAnswer<Data> = ToolSuccess<Data> | ToolFailure;
