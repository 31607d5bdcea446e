import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { apiResources } from "./api.js";
import { computeResources } from "./compute.js";
import { dynamodbResources } from "./dynamodb.js";
import { eventSourceResources } from "./eventSources.js";
import { kinesisResources } from "./kinesis.js";
import { messagingResources } from "./messaging.js";
import { monitoringResources } from "./monitoring.js";
import { required, text } from "./properties.js";
import { s3Resources } from "./s3.js";
import { stateMachineResources } from "./stateMachines.js";
import type { CreateTable } from "./types.js";

/** How the twin creates each type of resource. */
export const RESOURCES: CreateTable = {
  ...apiResources,
  ...computeResources,
  ...dynamodbResources,
  ...eventSourceResources,
  ...kinesisResources,
  ...messagingResources,
  ...monitoringResources,
  ...s3Resources,
  ...stateMachineResources,
  "aws:ssm/parameter:Parameter": async ({ state }, { aws }) => {
    const Value = text(state, "insecureValue") ?? required(state, "value");
    await aws.ssm.send(new PutParameterCommand({ Name: required(state, "name"), Value, Type: "String" }));
    return {};
  },
  // A random id exists in no AWS service: its outputs, which the program runner computes, are all there is.
  "random:index/randomId:RandomId": () => Promise.resolve({}),
};

/** Why types are not emulated, by the beginning of the type. */
const REASONS: Readonly<Record<string, string>> = {
  "aws:apigateway/apiKey": "requests must have a key, but which one is not checked",
  "aws:apigateway/deployment": "the twin serves the API as it is",
  "aws:apigateway/methodSettings": "nothing is throttled or cached",
  "aws:apigateway/restApi": "the twin serves the API, but its API does not show it",
  "aws:apigateway/stage": "the twin serves the API, but its API does not show it",
  "aws:apigateway/usagePlan": "nothing is throttled or counted",
  "aws:appautoscaling/policy": "the twin runs at most one model server, and a job starts it",
  "aws:appautoscaling/scheduledAction": "nothing scales, at no hour",
  "aws:budgets/": "nothing is billed; tests publish what AWS Budgets would",
  "aws:athena/": "queries run with DuckDB, see docs/results.md",
  "aws:batch/": "the function aligns; a family too large for it fails",
  "aws:codebuild/": "there is no image: the model server runs as a process of this machine",
  "aws:bedrock/": "agents call the function itself, or vep mcp",
  "aws:cognito/": "requests must have a token, which is not checked",
  "aws:cloudwatch/compositeAlarm": "nothing evaluates alarms",
  "aws:cloudwatch/queryDefinition": "the emulator runs no queries of logs",
  "aws:cloudwatch/eventRule": "the twin calls the functions of schedules, but its API does not show them",
  "aws:cloudwatch/eventTarget": "the twin calls the functions of schedules, but its API does not show them",
  "aws:dynamodb/resourcePolicy": "permissions are not enforced",
  "aws:ec2/": "everything runs on this machine's loopback address",
  "aws:ecr/": "there is no image: the model server runs as a process of this machine",
  "aws:glue/": "queries run with DuckDB, see docs/results.md",
  "aws:iam/": "permissions are not enforced",
  "aws:kms/": "data is not encrypted",
  "aws:lambda/invocation": "the endpoint begins with the capacities of the program",
  "aws:lambda/permission": "permissions are not enforced",
  "aws:s3/bucketLogging": "access is not logged",
  "aws:s3/bucketObjectv2": "it is the context of a build, and no image is built",
  "aws:s3/bucketOwnershipControls": "access is not controlled",
  "aws:s3/bucketPolicy": "it requires TLS, and the twin uses plain HTTP on the loopback address",
  "aws:sagemaker/modelPackageGroup": "the twin has no model packages",
  "aws:scheduler/": "the twin starts no scan by the clock; tests start what a schedule would",
  "aws:sns/topicPolicy": "permissions are not enforced",
  "aws:sqs/queuePolicy": "permissions are not enforced",
  "aws:sqs/redriveAllowPolicy": "permissions are not enforced",
  "aws:vpc/": "everything runs on this machine's loopback address",
  "awsx:ecr": "there is no image: the function of the aligner runs as a process of this machine",
  "docker-build:": "there is no image: the model server runs as a process of this machine",
};

function reasonOf(type: string): string | undefined {
  return Object.entries(REASONS).find(([beginning]) => type.startsWith(beginning))?.[1];
}

/** Whether the twin emulates a type: after deployment, the service's API shows the resource. */
export function isEmulated(type: string): boolean {
  return type in RESOURCES && reasonOf(type) === undefined;
}

/** Why the twin does not emulate a type. */
export function whyNotEmulated(type: string): string {
  return reasonOf(type) ?? "the twin cannot create it";
}
