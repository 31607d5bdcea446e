import * as z from "zod";
import { MAX_NUMBERING_OFFSET, MAX_SEQUENCE_LENGTH, MAX_TOP } from "../../contract/limits.js";
import { JOB_PHASES, JOB_STATUSES, SCORINGS } from "../../contract/jobs.js";

export { positionProfile, scoredVariant } from "../../contract/summary.js";

/** Most variants in one call of an agent: the answer stays small. */
export const MOST_VARIANTS = 60;

/** Longest time that a tool waits for a job, in seconds. */
const LONGEST_WAIT = 240;

export const outputId = z.string().describe("output_id of a job, from predict_variant_effects or score_variants");

export const sequence = z
  .string()
  .describe(
    `one protein, plain or FASTA: 1 to ${MAX_SEQUENCE_LENGTH} residues of the 20 standard amino acids; not DNA, not an accession`,
  );

export const name = z.string().optional().describe("your name of the protein; list_jobs shows it with its tag");

export const scoring = z
  .enum(SCORINGS)
  .optional()
  .describe("masked-marginals (default), or wt-marginals: faster, less accurate");

export const model = z
  .string()
  .optional()
  .describe("name of a model version, where the service has several; leave it out to let the service choose");

export const allowDna = z
  .boolean()
  .optional()
  .describe("true if 30 or more letters of only A, C, G, T and N are a protein; else they are refused as DNA");

export const waitSeconds = z
  .int()
  .min(0)
  .max(LONGEST_WAIT)
  .default(30)
  .describe("how long to wait for the result before answering with the job's state, in seconds");

export const positions = z.string().optional().describe("such as 10-25,40");

export const status = z.enum(JOB_STATUSES).optional().describe("only jobs with this status");

export const tag = z.string().optional().describe("only submissions with this tag");

export const limit = z.int().min(1).max(20).default(10).describe("most jobs in the answer");

export const nextToken = z.string().optional().describe("next_token of the last answer");

export const top = z.int().min(1).max(MAX_TOP).default(10).describe("number of best and of worst variants");

export const variants = z
  .array(z.string())
  .min(1)
  .max(MOST_VARIANTS)
  .describe(
    `1 to ${MOST_VARIANTS} substitutions such as K10A or p.Lys10Ala, sites of a multiple mutant joined with ';'`,
  );

export const position = z
  .int()
  .min(-MAX_NUMBERING_OFFSET)
  .max(MAX_NUMBERING_OFFSET + MAX_SEQUENCE_LENGTH)
  .describe("1-based, in your numbering");

/** What every answer about a job has. */
export const jobFields = {
  output_id: z.string(),
  name: z.string().optional(),
  status: z.enum(JOB_STATUSES),
  phase: z.enum(JOB_PHASES).nullable(),
  retry_after_seconds: z.number().nullable(),
  reason: z.string().optional().describe("why the job failed, expired or was cancelled"),
  notes: z.array(z.string()).describe("what to know before using the scores"),
  next: z.string().describe("what to do next"),
};

/** What a workflow says about one position. */
export const evidence = z.object({
  workflow_id: z.string().nullable(),
  notice: z.string().describe("what the evidence may be used for"),
  rows: z.array(
    z.looseObject({
      kind: z.string(),
      value: z.string().describe("in the words of the source"),
      variant: z.string().optional(),
      source: z.string(),
      source_version: z.string(),
      retrieved_at: z.string(),
      url: z.string(),
      licence: z.string(),
    }),
  ),
  sources: z
    .array(z.looseObject({ source: z.string(), status: z.string() }))
    .describe("also those without an answer, with the reason"),
  left_out: z.int(),
});
