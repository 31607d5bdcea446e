import * as z from "zod";
import { WORKFLOW_STATUSES } from "./workflow.js";

/** What the functions of workflows answer. The functions import the types alone: no schema is built when one starts. */

const time = z.string().describe("ISO 8601");
const notice = z.string().describe("what the answer may be used for");

/** `data` of a started, read or cancelled workflow. */
export const workflowData = z.object({
  workflow_id: z.string(),
  status: z.enum(WORKFLOW_STATUSES),
  name: z.string().exactOptional(),
  submitted_at: time,
  completion_time: time.nullable(),
  retry_after_seconds: z.number().nullable().describe("when to ask again; null if the workflow has ended"),
  reason: z.string().exactOptional().describe("why it failed or was cancelled"),
  job_id: z.string().exactOptional().describe("id of the job that scores the protein"),
  notes: z.array(z.string()).readonly().exactOptional().describe("what was changed in the input"),
  notice,
});
export type WorkflowData = Readonly<z.infer<typeof workflowData>>;

/** `data` of the results of a completed workflow. */
export const workflowResultsData = z.object({
  workflow_id: z.string(),
  status: z.literal("completed"),
  evidence: z
    .looseObject({
      rows: z.array(z.looseObject({ kind: z.string(), value: z.string(), source: z.string() })).readonly(),
    })
    .nullable()
    .describe("the table of evidence; null where it is too large for an answer: use table_url"),
  table_url: z.string().describe("link to the table as JSON, which works for an hour"),
  page_url: z.string().describe("link to a page with the table, which works for an hour"),
  s3_table_path: z.string(),
  notice,
});

/** `data` of what a completed workflow says about one position of a job. */
export const positionEvidenceData = z.object({
  workflow_id: z.string().nullable().describe("null where the caller has no completed workflow with this job"),
  rows: z.array(z.looseObject({ kind: z.string(), value: z.string(), source: z.string() })).readonly(),
  sources: z.array(z.looseObject({ source: z.string(), status: z.string() })).readonly(),
  left_out: z.int().min(0).describe("number of further rows of this position"),
  notice,
});
