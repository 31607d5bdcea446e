import { InputError, ToolError } from "../../contract/errors.js";
import { outputIdOf, type LedgerItem } from "../../contract/jobs.js";
import { nextAttempt } from "./attempts.js";
import type { Queue } from "./estimate.js";
import { submitJob, type Submission, type SubmitServices } from "./submitJob.js";

/**
 * Submits one of many jobs. If the endpoint refuses it, it waits, as another attempt that does not count as failed.
 *
 * @param queue as it was read for many submissions
 * @returns the job with its current state
 * @throws InputError for a job that takes too long or failed too often; ToolError if an AWS call fails
 */
export async function submitOrWait(
  submission: Submission,
  queue: Queue,
  services: SubmitServices,
): Promise<LedgerItem> {
  const { ledger, settings, now } = services;
  const start = now().getTime();
  try {
    return (await submitJob(submission, services, queue)).job;
  } catch (error) {
    if (!(error instanceof ToolError) || error instanceof InputError) throw error;
    const job = await ledger.read(outputIdOf(submission.request, settings.modelVersion));
    const refused = job?.state === "failed" && Date.parse(job.completed_at ?? "") >= start;
    if (!refused) throw error;
    const next = nextAttempt(job, false);
    return (await ledger.begin(next, job)) ? next : ((await ledger.read(job.output_id)) ?? next);
  }
}
