import * as z from "zod";
import { ERROR_CODES, type ErrorCode } from "./errors.js";
import { JOB_PHASES, JOB_STATUSES } from "./jobs.js";
import { variantEffects } from "./result.js";
import { summary } from "./summary.js";

/** What the tools answer. The functions import the types alone: no schema is built when one starts. */

const status = z.enum(JOB_STATUSES);
const phase = z.enum(JOB_PHASES).nullable().describe("what an unfinished job waits for; null if it has ended");
const time = z.string().describe("ISO 8601");
const label = {
  name: z.string().exactOptional().describe("name of the submission"),
  tags: z.array(z.string()).readonly().exactOptional().describe("tags of the submission"),
};
const reason = z
  .string()
  .exactOptional()
  .describe("why the job failed, expired or was cancelled; absent for other jobs");
const modelVersion = z
  .string()
  .exactOptional()
  .describe("name of the model version that scores the job; absent where the stack has one");
const errorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);
const count = z.int().min(0);

/** `data` of a successful `invoke_endpoint`. */
export const invokeEndpointData = z.object({
  output_id: z.string().describe("id of the job"),
  model_version: modelVersion,
  submission_id: z.string().exactOptional().describe("id of this submission, if it has a name or tags"),
  status,
  phase,
  cached: z.boolean().describe("whether the job was already completed before this call"),
  sequence_length: z.int(),
  s3_output_path: z
    .string()
    .nullable()
    .describe("address of the result in S3; null until the endpoint has accepted the job"),
  estimated_completion_time: time.describe(
    "ISO 8601, estimated from the jobs ahead, the endpoint's state and measured times",
  ),
  retry_after_seconds: z.number().describe("when to call get_results; 0 if the job has ended"),
  notes: z
    .array(z.string())
    .readonly()
    .exactOptional()
    .describe("what was changed in the input, such as a stop codon that was dropped; absent if nothing was"),
});
export type InvokeEndpointData = Readonly<z.infer<typeof invokeEndpointData>>;

/** `data` of a successful `get_results`. */
export const getResultsData = z.object({
  status,
  phase,
  output_id: z.string(),
  model_version: modelVersion,
  ...label,
  results: z.union([summary, variantEffects]).nullable().describe("summary or full result of a completed job"),
  s3_output_path: z.string().nullable(),
  completion_time: time.nullable(),
  retry_after_seconds: z.number().nullable().describe("when to ask again; null if the job has ended"),
  reason,
  failure_time: time.nullable().exactOptional().describe("ISO 8601; this and the next two only for a failed job"),
  s3_failure_path: z
    .string()
    .nullable()
    .exactOptional()
    .describe("address of what the model wrote about the failure; null if it wrote nothing"),
  error_details: z.string().exactOptional().describe("the same as reason"),
});
export type GetResultsData = Readonly<z.infer<typeof getResultsData>>;

/** One job in the answer of `list_jobs`; submission, name and tags only in a list by tag. */
export const listedJob = z.object({
  output_id: z.string(),
  model_version: modelVersion,
  status,
  submitted_at: time,
  sequence_length: z.int(),
  completion_time: time.nullable(),
  reason,
  submission_id: z.string().exactOptional(),
  ...label,
});
export type ListedJob = Readonly<z.infer<typeof listedJob>>;

/** `data` of a successful `list_jobs`. */
export const listJobsData = z.object({
  jobs: z.array(listedJob).readonly().describe("newest first"),
  next_token: z.string().nullable().describe("where to continue; null at the end"),
});
export type ListJobsData = Readonly<z.infer<typeof listJobsData>>;

/** `data` of a successful `cancel_job`. */
export const cancelJobData = z.object({
  output_id: z.string(),
  status: status.describe("cancelled, or the status with which the job had ended before"),
  withdrawn: z
    .boolean()
    .describe(
      "whether SageMaker will never get the request; if not, the model may still work on it, and nobody gets the result",
    ),
});
export type CancelJobData = Readonly<z.infer<typeof cancelJobData>>;

/** `data` of a successful `submit_fasta`: the state of the file. Its records are in the manifest. */
export const submitFastaData = z.object({
  file: z.string().describe("S3 address of the file"),
  status: z
    .enum(["awaited", "submitted", "running", "ended", "refused"])
    .describe(
      "awaited: to be uploaded with the form; submitted: will be read; running: not all of its jobs have ended; refused: nothing was started, see error",
    ),
  upload: z
    .object({
      url: z.string().describe("where the form is sent, as multipart/form-data"),
      fields: z
        .record(z.string(), z.string())
        .describe("fields of the form, before the last one, `file`: the file itself"),
      max_bytes: count,
      expires_at: time,
    })
    .exactOptional()
    .describe("the form with which the file is uploaded"),
  records: count.nullable().describe("number of records; null until the file was read"),
  counts: z
    .object({
      completed: count,
      failed: count,
      expired: count,
      cancelled: count,
      unknown: count,
      invalid: count,
    })
    .nullable()
    .describe("number of records by how their jobs ended; null until all have ended"),
  error: z.object({ code: errorCode, message: z.string() }).nullable(),
  manifest: z.string().describe("S3 address of the list of records"),
  summary: z.string().describe("S3 address of the summary"),
  top_variants: z.string().describe("S3 address of the best variants as CSV"),
});
export type SubmitFastaData = Readonly<z.infer<typeof submitFastaData>>;

/** What a tool that failed answers; at most `MAX_ERROR_BYTES` as JSON. */
export const toolFailure = z.object({
  success: z.literal(false),
  error_code: errorCode,
  message: z.string().describe("names the first fault and its fix"),
  errors: z
    .array(z.object({ error_code: errorCode, message: z.string(), argument: z.string().exactOptional() }))
    .readonly()
    .exactOptional()
    .describe("all faults of the input"),
  details: z.record(z.string(), z.unknown()).exactOptional().describe("machine-readable facts"),
  timestamp: time,
});
export type ToolFailure = Readonly<z.infer<typeof toolFailure>>;
