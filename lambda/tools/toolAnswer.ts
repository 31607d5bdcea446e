import type { LedgerItem } from "../../contract/jobs.js";
import type {
  CancelJobData,
  GetResultsData,
  InvokeEndpointData,
  ListJobsData,
  SubmitFastaData,
} from "../../contract/tools.js";
import { statusOf } from "../shared/jobOutcome.js";

/** `data` of an answer. */
export type ToolData = InvokeEndpointData | GetResultsData | ListJobsData | CancelJobData | SubmitFastaData;

/** Shown for a job that ended without a result, if the ledger has no reason. */
export const NO_REASON = "The reason is unknown; submit again.";

/** The fields that every answer about a job has. */
export function jobFields(job: LedgerItem) {
  return {
    output_id: job.output_id,
    ...versionField(job),
    status: statusOf(job),
    s3_output_path: job.output_location ?? null,
  };
}

/** The model version of a job; nothing where the stack has one. */
export function versionField({ model_version }: LedgerItem): { readonly model_version?: string } {
  return model_version === undefined ? {} : { model_version };
}
