import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import { ToolError } from "../../../contract/errors.js";
import type { WorkflowItem, WorkflowStatus } from "../../../contract/workflow.js";
import { awsCall, namesOf } from "../../shared/awsCall.js";
import type { WorkflowServices } from "./services.js";

/** How an execution ended that could not record its end. */
interface ExecutionEnd {
  readonly status: Exclude<WorkflowStatus, "running" | "completed">;
  readonly reason: string;
  readonly endedAt?: Date | undefined;
}

/**
 * Age from which a running workflow is compared with its execution, in seconds: by then it was started, and Step Functions,
 * whose answers are eventually consistent, knows of it.
 */
const COMPARED_SECONDS = 60;

const NOT_STARTED: ExecutionEnd = { status: "failed", reason: "The workflow could not be started." };

/** The reasons of executions that ended. What went wrong is in the history of the execution, for the owner of the stack. */
const ENDS: Readonly<Record<string, ExecutionEnd>> = {
  FAILED: { status: "failed", reason: "The workflow failed, and could not record why; its execution has the reason." },
  TIMED_OUT: { status: "failed", reason: "The workflow did not end in time." },
  ABORTED: { status: "cancelled", reason: "The workflow was cancelled." },
};

/**
 * Records the end of a workflow whose execution ended without recording it: it was stopped from outside, timed out, had
 * data that Step Functions does not take, or its last step failed too.
 *
 * @returns the workflow as it is now
 */
export async function withEndOfExecution(item: WorkflowItem, services: WorkflowServices): Promise<WorkflowItem> {
  const { workflows, now } = services;
  const age = (now().getTime() - Date.parse(item.submitted_at)) / 1_000;
  if (item.state !== "workflow_running" || age < COMPARED_SECONDS) return item;
  const end = await endOf(item.execution_arn, services);
  if (end === undefined) return item;
  const { status, reason, endedAt = now() } = end;
  const ended = await workflows.end(item.workflow_id, status, { completed_at: endedAt.toISOString(), reason });
  // The execution itself may have recorded its end meanwhile.
  return ended ?? (await workflows.read(item.workflow_id)) ?? item;
}

/** How an execution ended; undefined if it runs, has succeeded, or nobody can say. */
async function endOf(
  executionArn: string,
  { machines, telemetry }: WorkflowServices,
): Promise<ExecutionEnd | undefined> {
  // Without its input and output, which are encrypted with the stack's key, and no business of this function.
  const describe = new DescribeExecutionCommand({ executionArn, includedData: "METADATA_ONLY" });
  try {
    const { status = "", stopDate } = await awsCall("states:DescribeExecution", machines.send(describe));
    const end = ENDS[status];
    return end && { ...end, endedAt: stopDate };
  } catch (error) {
    if (namesOf(error).includes("ExecutionDoesNotExist")) return NOT_STARTED;
    if (!(error instanceof ToolError)) throw error;
    // What is recorded of the workflow is still true, and the next call asks again.
    telemetry.warn("The execution of a workflow could not be looked at", { error_code: error.code });
    return undefined;
  }
}
