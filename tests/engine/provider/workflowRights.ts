import { WORKFLOW_ENVIRONMENT } from "../../../contract/environment.js";
import { PREFIXES } from "../../../contract/storage.js";
import { arn, type Right } from "./commonRights.js";
import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/**
 * What the function of workflows needs; undefined for all others.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export function workflowRights(bucket: string, variables: Properties): Right[] | undefined {
  const machine = text(variables[WORKFLOW_ENVIRONMENT.machineArn]);
  if (machine === "") return undefined;
  const table = arn("dynamodb", `table/${text(variables[WORKFLOW_ENVIRONMENT.jobTableName])}`);
  const item = (key: string): Readonly<Record<string, string>> => ({ "dynamodb:LeadingKeys": key });
  return [
    ["s3:PutObject", `${bucket}/${PREFIXES.evidence}1/request.json`],
    ["s3:GetObject", `${bucket}/${PREFIXES.evidence}1/evidence.json`],
    ["dynamodb:GetItem", table, item("workflow/1")],
    ["dynamodb:PutItem", table, item("workflow/1")],
    ["dynamodb:UpdateItem", table, item("workflow/1")],
    ["dynamodb:PutItem", table, item("audit/1")],
    ["states:StartExecution", machine],
    ["states:DescribeExecution", `${machine.replace(":stateMachine:", ":execution:")}:1`],
    ["states:StopExecution", `${machine.replace(":stateMachine:", ":execution:")}:1`],
  ];
}
