import * as z from "zod";
import type { ErrorCode, ErrorDetails, Fault } from "./errors.js";
import { SCORINGS, type JobPhase, type JobStatus } from "./jobs.js";
import { MAX_NAME_LENGTH, MAX_NUMBERING_OFFSET, MAX_TOP, MAX_VARIANTS } from "./limits.js";
import type { VariantEffects } from "./result.js";
import type { Summary } from "./summary.js";

export const TOOL_NAMES = ["invoke_endpoint", "get_results"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

const variantList = z
  .union([z.string(), z.array(z.string()).max(MAX_VARIANTS)])
  .describe(
    "substitutions such as K10A or p.Lys10Ala, joined with ';' for multiple mutants; a list, or text with commas",
  );

const positionText = z.string().describe("1-based positions and ranges, such as 10-25,40");

/** Input of `invoke_endpoint`: one protein, and what is asked of it. */
export const invokeEndpointInput = z.strictObject({
  sequence: z.string().describe("one protein, plain or FASTA, 1 to 10,000 residues of the 20 standard amino acids"),
  name: z.string().max(MAX_NAME_LENGTH).optional().describe("a label for the protein, handed back with the results"),
  scoring: z
    .enum(SCORINGS)
    .default("masked-marginals")
    .describe("masked-marginals (default), or wt-marginals: one pass"),
  variants: variantList.optional(),
  positions: positionText.optional(),
  joint: z.boolean().default(false).describe("score multiple mutants with all their sites masked at once"),
  numbering_offset: z
    .int()
    .min(-MAX_NUMBERING_OFFSET)
    .max(MAX_NUMBERING_OFFSET)
    .default(0)
    .describe("what your numbering adds to the 1-based position"),
});
export type InvokeEndpointInput = z.infer<typeof invokeEndpointInput>;

/** Input of `get_results`: a job, and how much of its result is wanted. */
export const getResultsInput = z.strictObject({
  output_id: z.string().describe("the job's id, from invoke_endpoint"),
  detail: z.enum(["summary", "full"]).optional().describe("summary (under 8 kB) or full (the whole matrix)"),
  top: z.int().min(1).max(MAX_TOP).default(10).describe("how many best and worst variants a summary names"),
  positions: positionText.optional(),
  variants: variantList.optional(),
});
export type GetResultsInput = z.infer<typeof getResultsInput>;

/** `data` of a successful `invoke_endpoint`. */
export interface InvokeEndpointData {
  readonly output_id: string;
  readonly status: JobStatus;
  readonly phase: JobPhase | null;
  /** Whether a finished job answered. */
  readonly cached: boolean;
  readonly sequence_length: number;
  /** Where SageMaker writes the result; null for the moment between recording a job and its acceptance. */
  readonly s3_output_path: string | null;
  /** ISO 8601; an estimate from the queue, the endpoint's state and the protein's length. */
  readonly estimated_completion_time: string;
  readonly retry_after_seconds: number;
}

/** `data` of a successful `get_results`. */
export interface GetResultsData {
  readonly status: JobStatus;
  readonly phase: JobPhase | null;
  readonly output_id: string;
  readonly name?: string;
  /** The summary or the whole result once completed, else null. */
  readonly results: Summary | VariantEffects | null;
  readonly s3_output_path: string | null;
  readonly completion_time: string | null;
  readonly retry_after_seconds: number | null;
  /** Why the model or the service gave up, where the job failed or expired. */
  readonly reason?: string;
}

/** The answer of a tool that did what was asked. */
export interface ToolSuccess<Data> {
  readonly success: true;
  readonly message: string;
  readonly timestamp: string;
  readonly data: Data;
}

/** The answer of a tool that could not do what was asked. */
export interface ToolFailure {
  readonly success: false;
  readonly error_code: ErrorCode;
  readonly message: string;
  readonly errors?: readonly Fault[];
  readonly details?: ErrorDetails;
  readonly timestamp: string;
}

export type ToolAnswer<Data> = ToolSuccess<Data> | ToolFailure;
