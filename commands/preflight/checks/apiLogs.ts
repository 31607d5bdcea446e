import { GetAccountCommand, type APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { findingsOf, type Finding } from "../finding.js";

/**
 * Checks that API Gateway has a role of the account with which it writes logs: a stage with access logs cannot be created
 * without it. It is one for all APIs of an account and region, so no stack sets it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export async function apiLogs(apiGateway: APIGatewayClient, region: string): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("logs of API Gateway");
  const { cloudwatchRoleArn: role = "" } = await apiGateway.send(new GetAccountCommand({}));
  if (role !== "") return [ok(`API Gateway writes logs as ${role}.`)];
  const sentence = `API Gateway has no role for its logs in ${region}: the stage of the API cannot be created.`;
  const fix =
    "make the role of docs/api.md, then aws apigateway update-account --patch-operations " +
    `op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN --region ${region}`;
  return [bad("fault", sentence, fix)];
}
