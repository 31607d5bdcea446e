import { randomUUID } from "node:crypto";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { RESEARCH_USE_ONLY } from "../../../contract/evidenceTable.js";
import { WORKFLOW_DAYS } from "../../../contract/limits.js";
import type { S3Location } from "../../../contract/storage.js";
import {
  workflowFile,
  workflowKey,
  type WORKFLOW_FILES,
  type WorkflowExecution,
  type WorkflowItem,
  type WorkflowRequest,
} from "../../../contract/workflow.js";
import type { WorkflowData } from "../../../contract/workflowData.js";
import type { Done } from "../../shared/answers.js";
import { awsCall } from "../../shared/awsCall.js";
import { RETRY_SECONDS, workflowData } from "./ownWorkflow.js";
import { readRequest } from "./readRequest.js";
import type { WorkflowServices } from "./services.js";

/**
 * Starts a workflow.
 *
 * @throws InputError with all faults of the input; ToolError if an AWS call fails
 */
export async function startWorkflow(
  input: Readonly<Record<string, unknown>>,
  owner: string,
  services: WorkflowServices,
): Promise<Done<WorkflowData>> {
  const { request, notes } = readRequest(input);
  const { workflows, machines, settings, now } = services;
  const id = randomUUID();
  const item: WorkflowItem = {
    output_id: workflowKey(id),
    state: "workflow_running",
    submitted_at: now().toISOString(),
    expires_at: Math.floor(now().getTime() / 1_000) + WORKFLOW_DAYS * 86_400,
    workflow_id: id,
    owner,
    ...(request.name !== undefined && { name: request.name }),
    execution_arn: executionArn(settings.machineArn, id),
  };
  await workflows.create(item);
  try {
    const input = JSON.stringify(await executionOf(id, request, services));
    const start = new StartExecutionCommand({ stateMachineArn: settings.machineArn, name: id, input });
    await awsCall("states:StartExecution", machines.send(start));
  } catch (error) {
    await workflows.end(id, "failed", {
      completed_at: now().toISOString(),
      reason: "The workflow could not be started.",
    });
    throw error;
  }
  return {
    message: `The workflow was started; ask for it in ${RETRY_SECONDS} s. ${RESEARCH_USE_ONLY}`,
    data: { ...workflowData(item), ...(notes.length > 0 && { notes }) },
  };
}

/** Writes what the steps read, and gives what the execution starts with: no sequence, because executions are kept. */
async function executionOf(
  workflow: string,
  { regions, accession, ...rest }: WorkflowRequest,
  { objects, settings }: WorkflowServices,
): Promise<WorkflowExecution> {
  const { bucketName: bucket } = settings;
  const at = (file: keyof typeof WORKFLOW_FILES): S3Location => ({ bucket, key: workflowFile(workflow, file) });
  const { sequence, name } = rest;
  await objects.writeJson(bucket, at("request").key, JSON.stringify({ ...rest, accession }));
  if (sequence !== undefined) await objects.writeText(bucket, at("sequence").key, sequence);
  if (regions) await objects.writeJson(bucket, at("regions").key, JSON.stringify({ seq_regions: regions }));
  return {
    workflow,
    ...(regions && { retrieve: { task: "retrieve", regions: at("regions"), output: at("retrieved") } }),
    ...(accession !== undefined && {
      resolve: {
        task: "resolve",
        accession,
        ...(name !== undefined && { name }),
        ...(sequence !== undefined && { sequence: at("sequence") }),
        output: at("resolved"),
      },
    }),
  };
}

/** The ARN of an execution by the name that it is started with. */
function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;
}
