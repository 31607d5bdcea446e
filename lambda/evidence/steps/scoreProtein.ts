import { SCORE_SECONDS } from "../../../contract/limits.js";
import { outputIdOf, type JobRequest } from "../../../contract/jobs.js";
import type { ResolvedProtein } from "../../../contract/evidence.js";
import { waitKey } from "../../../contract/waits.js";
import { readQueue } from "../../shared/estimate.js";
import { isUnfinished } from "../../shared/jobOutcome.js";
import { readSubmission } from "../../shared/submissionInput.js";
import { submitOrWait } from "../../shared/submitOrWait.js";
import { forVersion } from "../../shared/versionServices.js";
import { settleWait } from "../../shared/waits.js";
import { readFile, type Prepared, type StepServices } from "./services.js";

/** The request of a workflow's protein to the model. */
export async function jobRequestOf(workflow: string, services: StepServices): Promise<JobRequest> {
  const [{ sequence }, { variants }] = (await Promise.all([
    readFile(workflow, "protein", services),
    readFile(workflow, "prepared", services),
  ])) as [ResolvedProtein, Prepared];
  const asked = variants.length > 0 && { variants: [...variants] };
  return readSubmission({ sequence, ...asked, allow_dna_letters: true }).request;
}

/**
 * Submits the protein by the one submit path, for a task that waits with a token. The wait is recorded first, so that no
 * end of the job is missed. A job that has ended is answered at once.
 *
 * @throws InputError for a job that takes too long or failed too often; ToolError if an AWS call fails
 */
export async function scoreProtein(workflow: string, token: string, unpinned: StepServices): Promise<void> {
  const request = await jobRequestOf(workflow, unpinned);
  const services = await forProtein(request.sequence, unpinned);
  const { settings, telemetry, waits, workflows, now } = services;
  const id = outputIdOf(request, settings.modelVersion);
  await waits.store.open({
    task_token: token,
    submitted_at: now().toISOString(),
    expires_at: Math.floor(now().getTime() / 1_000) + SCORE_SECONDS,
    all_jobs: new Set([id]),
  });
  await workflows.scoredBy(workflow, id);
  const queue = await readQueue(settings.modelVersion, services);
  const job = await submitOrWait({ request, tags: [] }, queue, services);
  if (!isUnfinished(job)) await settleWait(waitKey(token), id, job.state === "completed", services);
  telemetry.info("The protein of a workflow was submitted", { workflow, output_id: id });
}

/** The services of the model version that scores a protein: its job has its id before it is submitted. */
async function forProtein(sequence: string, services: StepServices): Promise<StepServices> {
  const { models } = services;
  return models === undefined ? services : forVersion(services, (await models.choose(sequence, undefined)).answers);
}
