import * as z from "zod";
import { JOB_STATUSES, SCORINGS } from "./jobs.js";
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
import type { ToolFailure } from "./toolData.js";

export type {
  CancelJobData,
  GetResultsData,
  InvokeEndpointData,
  ListedJob,
  ListJobsData,
  SubmitFastaData,
  ToolFailure,
} from "./toolData.js";

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
  model: z
    .string()
    .optional()
    .describe("name of a model version, where the stack has several; default: the active one"),
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

/** Input of `submit_fasta`: a whole FASTA file, one of the three. */
export const submitFastaInput = z.strictObject({
  upload: z
    .boolean()
    .optional()
    .describe("true: the answer has a form with which a file of up to 100 MB is uploaded, compressed with gzip or not"),
  fasta: z.string().optional().describe("the text of a FASTA file, up to the 6 MB that Lambda takes in one call"),
  s3_uri: z
    .string()
    .optional()
    .describe("address of a FASTA file in uploads/ of the bucket of the stack, such as s3://bucket/uploads/a.fasta"),
});
export type SubmitFastaInput = z.infer<typeof submitFastaInput>;

/** The input of each tool. */
export const TOOL_INPUTS = {
  invoke_endpoint: invokeEndpointInput,
  get_results: getResultsInput,
  list_jobs: listJobsInput,
  cancel_job: cancelJobInput,
  submit_fasta: submitFastaInput,
} as const satisfies Readonly<Record<ToolName, z.ZodObject>>;

/** The answer of a tool that succeeded. */
export interface ToolSuccess<Data> {
  readonly success: true;
  readonly message: string;
  readonly timestamp: string;
  readonly data: Data;
}

export type ToolAnswer<Data> = ToolSuccess<Data> | ToolFailure;
