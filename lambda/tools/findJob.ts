import { ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { isWithinRetention } from "../shared/jobOutcome.js";
import type { JobServices } from "../shared/services.js";

/**
 * The job of an id.
 *
 * @throws ToolError `UNKNOWN_JOB` if there is none, or it is older than the retention period
 */
export async function findJob(outputId: string, { ledger, now }: JobServices): Promise<LedgerItem> {
  const job = await ledger.read(outputId);
  if (job !== undefined && isWithinRetention(job, now())) return job;
  throw new ToolError(
    "UNKNOWN_JOB",
    `There is no job ${outputId}, or it is older than the retention period; submit the protein again with invoke_endpoint.`,
    { details: { output_id: outputId } },
  );
}
