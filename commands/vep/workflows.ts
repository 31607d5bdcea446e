import { LambdaClient } from "@aws-sdk/client-lambda";
import { WorkflowsClient } from "../../client/workflows.js";
import type { Target } from "./target.js";

/** The workflows of a deployment: their function is named after that of the tools. */
export function workflowsOf({ clientConfig, functionName, s3 }: Target): WorkflowsClient {
  const name = functionName.replace(/-async-endpoint-lambda(?=:|$)/, "-workflow");
  return new WorkflowsClient(new LambdaClient(clientConfig), s3, name);
}
