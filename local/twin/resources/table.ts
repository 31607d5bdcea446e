import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { computeResources } from "./compute.js";
import { dynamodbResources } from "./dynamodb.js";
import { messagingResources } from "./messaging.js";
import { monitoringResources } from "./monitoring.js";
import { required, text } from "./properties.js";
import { s3Resources } from "./s3.js";
import type { CreateTable } from "./types.js";

/** What the twin creates, by Pulumi type. */
export const RESOURCES: CreateTable = {
  ...computeResources,
  ...dynamodbResources,
  ...messagingResources,
  ...monitoringResources,
  ...s3Resources,
  "aws:ssm/parameter:Parameter": async ({ state }, { aws }) => {
    const Value = text(state, "insecureValue") ?? required(state, "value");
    await aws.ssm.send(new PutParameterCommand({ Name: required(state, "name"), Value, Type: "String" }));
    return {};
  },
  // Made up of nothing but its inputs, in AWS too.
  "random:index/randomId:RandomId": () => Promise.resolve({}),
};

/** Why a type is not emulated, where there is more to say than that it is not. */
const REASONS: Readonly<Record<string, string>> = {
  "aws:appautoscaling/policy:Policy": "the twin runs none or one model server by its own rule: a job wakes it",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": "there is no image: the model server runs as a process",
  "aws:ecr/repository:Repository": "there is no image: the model server runs as a process",
  "aws:iam/role:Role": "permissions are not enforced",
  "aws:iam/rolePolicy:RolePolicy": "permissions are not enforced",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "permissions are not enforced",
  "aws:s3/bucketLogging:BucketLogging": "access is not logged",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "access is not controlled",
  "aws:s3/bucketPolicy:BucketPolicy": "it asks for TLS, and the twin speaks plain HTTP on the loopback address",
  "aws:sns/topicPolicy:TopicPolicy": "permissions are not enforced",
};

/** Why the twin does not emulate a type. */
export function whyNotEmulated(type: string): string {
  return REASONS[type] ?? "the twin has nothing that stands for it";
}
