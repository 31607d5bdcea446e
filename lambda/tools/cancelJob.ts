import type { CancelJobData } from "../../contract/tools.js";
import { isUnfinished, recordOutcome, statusOf } from "../shared/jobOutcome.js";
import type { JobServices } from "../shared/services.js";
import { findJob } from "./findJob.js";
import type { Done } from "../shared/answers.js";
import { readJobId } from "./toolInput.js";

/**
 * `cancel_job`: marks an unfinished job as cancelled. SageMaker has no call that withdraws a request: a job that it has
 * accepted still runs, and its result stays unreported.
 *
 * @param input the tool's arguments as the caller sent them
 * @throws InputError for invalid input; ToolError `UNKNOWN_JOB`, or if an AWS call fails
 */
export async function cancelJob(
  input: Readonly<Record<string, unknown>>,
  services: JobServices,
): Promise<Done<CancelJobData>> {
  const { ledger, now } = services;
  const job = await recordOutcome(await findJob(readJobId(input), services), services);
  const cancelled = isUnfinished(job)
    ? await ledger.advance(job, "cancelled", { completed_at: now().toISOString(), reason: "The job was cancelled." })
    : undefined;
  const current = cancelled ?? (await findJob(job.output_id, services));
  const withdrawn = current.state === "cancelled" && current.sent_at === undefined;
  return {
    message: messageOf(statusOf(current), withdrawn),
    data: { output_id: current.output_id, status: statusOf(current), withdrawn },
  };
}

function messageOf(status: CancelJobData["status"], withdrawn: boolean): string {
  if (status === "in_progress") return "The job was started again in the meantime; call cancel_job again.";
  if (status !== "cancelled") return `The job had ended before as ${status}; nothing was changed.`;
  return withdrawn
    ? "The job is cancelled before it was sent to the model."
    : "The job is cancelled: its result will not be reported. SageMaker cannot withdraw a request, so the model may " +
        "still work on it.";
}
