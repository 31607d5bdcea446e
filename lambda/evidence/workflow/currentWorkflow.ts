import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { WorkflowData } from "../../../contract/workflowData.js";
import type { Done } from "../../shared/answers.js";
import { awsCall } from "../../shared/awsCall.js";
import { ownWorkflow, statusOf, workflowData } from "./ownWorkflow.js";
import type { WorkflowServices } from "./services.js";

/** @throws ToolError `UNKNOWN_WORKFLOW` if the caller has no such workflow */
export async function getWorkflow(id: string, owner: string, services: WorkflowServices): Promise<Done<WorkflowData>> {
  const item = await ownWorkflow(id, owner, services);
  return { message: `The workflow is ${statusOf(item)}.`, data: workflowData(item) };
}

/**
 * Stops the execution, and records the end of the workflow. The job of the model goes on: others may have asked for it.
 *
 * @throws ToolError `UNKNOWN_WORKFLOW` if the caller has no such workflow
 */
export async function cancelWorkflow(
  id: string,
  owner: string,
  services: WorkflowServices,
): Promise<Done<WorkflowData>> {
  const item = await ownWorkflow(id, owner, services);
  const reason = "The workflow was cancelled.";
  if (item.state === "workflow_running") {
    // Before the end is recorded: a cancel that fails here can be repeated.
    const stop = new StopExecutionCommand({ executionArn: item.execution_arn, error: "Cancelled", cause: reason });
    await awsCall("states:StopExecution", services.machines.send(stop));
  }
  const ended = await services.workflows.end(id, "cancelled", { completed_at: services.now().toISOString(), reason });
  const current = ended ?? (await ownWorkflow(id, owner, services));
  const message = ended ? reason : `The workflow had ended before as ${statusOf(current)}; nothing was changed.`;
  return { message, data: workflowData(current) };
}
