import { InputError } from "../../../contract/errors.js";
import { RESEARCH_USE_ONLY } from "../../../contract/evidenceTable.js";
import { WORKFLOW_SECONDS } from "../../../contract/limits.js";
import { isWorkflowId, type WorkflowItem, type WorkflowStatus } from "../../../contract/workflow.js";
import type { WorkflowData } from "../../../contract/workflowData.js";
import { withEndOfExecution } from "./endedExecution.js";
import type { WorkflowServices } from "./services.js";

/** When a caller asks again, in seconds: the model takes longer than the sources, and minutes from zero instances. */
export const RETRY_SECONDS = 5;

/**
 * A workflow of the caller, with its end if its execution has ended. One of another owner is as unknown as one that was never
 * started.
 *
 * @throws InputError `UNKNOWN_WORKFLOW`
 */
export async function ownWorkflow(id: string, owner: string, services: WorkflowServices): Promise<WorkflowItem> {
  const { workflows, now } = services;
  const item = isWorkflowId(id) ? await workflows.read(id) : undefined;
  const kept = item !== undefined && item.expires_at * 1_000 > now().getTime();
  if (kept && item.owner === owner) return withEndOfExecution(await endedInTime(item, services), services);
  throw new InputError(
    "UNKNOWN_WORKFLOW",
    "You have no workflow with this id; take the one that POST /workflows gave.",
  );
}

/** A workflow that is older than an execution can be has ended, whatever Step Functions still knows of it. */
async function endedInTime(item: WorkflowItem, { workflows, now }: WorkflowServices): Promise<WorkflowItem> {
  const age = (now().getTime() - Date.parse(item.submitted_at)) / 1_000;
  if (item.state !== "workflow_running" || age <= WORKFLOW_SECONDS + LATE_SECONDS) return item;
  const facts = { completed_at: now().toISOString(), reason: "The workflow did not end in time." };
  return (await workflows.end(item.workflow_id, "failed", facts)) ?? item;
}

/** Time in which the last step of an execution ends, in seconds. */
const LATE_SECONDS = 900;

/** The status of a workflow, as callers see it. */
export function statusOf({ state }: WorkflowItem): WorkflowStatus {
  return state.slice("workflow_".length) as WorkflowStatus;
}

/** What a caller sees of a workflow. */
export function workflowData(item: WorkflowItem): WorkflowData {
  const { workflow_id, name, submitted_at, completed_at, reason, job_id } = item;
  const status = statusOf(item);
  return {
    workflow_id,
    status,
    ...(name !== undefined && { name }),
    submitted_at,
    completion_time: completed_at ?? null,
    retry_after_seconds: status === "running" ? RETRY_SECONDS : null,
    ...(reason !== undefined && { reason }),
    ...(job_id !== undefined && { job_id }),
    notice: RESEARCH_USE_ONLY,
  };
}
