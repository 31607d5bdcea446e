import type { LedgerItem } from "../../contract/jobs.js";
import type { InvokeEndpointData } from "../../contract/tools.js";
import { estimate, phaseOf, readQueue } from "../shared/estimate.js";
import { isUnfinished } from "../shared/jobOutcome.js";
import type { JobServices } from "../shared/services.js";
import { readSubmission } from "../shared/submissionInput.js";
import { forJob } from "../shared/versionServices.js";
import { submitJob, type Submitted } from "../shared/submitJob.js";
import type { Done } from "../shared/answers.js";
import { jobFields, NO_REASON } from "./toolAnswer.js";

/**
 * `invoke_endpoint`: submits one protein, or finds the job of an equal request.
 *
 * @param input the tool's arguments as the caller sent them
 * @throws InputError for invalid input or a job that is refused, with nothing stored or started; ToolError if an AWS call fails
 */
export async function invokeEndpoint(
  input: Readonly<Record<string, unknown>>,
  services: JobServices,
): Promise<Done<InvokeEndpointData>> {
  const { notes, ...submission } = readSubmission(input);
  const submitted = await submitJob(submission, services);
  if (submitted.found === "completed") services.telemetry.meter.cached();
  const done = isUnfinished(submitted.job) ? await unfinished(submitted, services) : finished(submitted, services);
  return notes === undefined ? done : { ...done, data: { ...done.data, notes } };
}

async function unfinished(submitted: Submitted, services: JobServices): Promise<Done<InvokeEndpointData>> {
  const { job, found } = submitted;
  const queue = submitted.queue ?? (await readQueue(job.image_digest, forJob(services, job)));
  const { completion, retryAfterSeconds } = estimate(job, queue, services.now());
  return {
    message:
      `${found === "started" ? "The job was submitted" : "The job is already in progress"}; ` +
      `call get_results in ${retryAfterSeconds} s.`,
    data: {
      ...submissionFields(submitted),
      phase: phaseOf(job, queue),
      cached: false,
      estimated_completion_time: completion,
      retry_after_seconds: retryAfterSeconds,
    },
  };
}

function finished(submitted: Submitted, { now }: JobServices): Done<InvokeEndpointData> {
  const { job, found } = submitted;
  return {
    message:
      job.state === "completed"
        ? "The job is completed; get_results has the result."
        : `The job ended without a result: ${job.reason ?? NO_REASON}`,
    data: {
      ...submissionFields(submitted),
      phase: null,
      cached: found === "completed",
      estimated_completion_time: job.completed_at ?? now().toISOString(),
      retry_after_seconds: 0,
    },
  };
}

function submissionFields({ job, submissionId }: { job: LedgerItem; submissionId: string | undefined }) {
  return {
    ...jobFields(job),
    ...(submissionId !== undefined && { submission_id: submissionId }),
    sequence_length: job.sequence_length,
  };
}
