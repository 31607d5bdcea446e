import { createHash } from "node:crypto";
import type { ProgramHandlers } from "./runProgram.js";

/** The account that a plan assumes; AWS's documentation uses it too. */
export const PLANNED_ACCOUNT = "123456789012";

/** Region and account of a plan. */
export interface PlannedPlace {
  readonly region: string;
  /** @default {@link PLANNED_ACCOUNT} */
  readonly account?: string;
  /**
   * Whether the parts of names that Pulumi and AWS generate are `*`, so that ARNs are patterns of what will exist.
   *
   * @default false: they are made up, the same at every run
   */
  readonly patterns?: boolean;
}

/** The program calls a function of a provider that a plan does not know. */
export class UnknownInvokeError extends Error {
  override readonly name = "UnknownInvokeError";

  constructor(token: string) {
    super(
      `The program calls ${token}, which a plan cannot answer; add it to ANSWERS in local/program/plannedOutputs.ts.`,
    );
  }
}

type Inputs = Record<string, unknown>;
type Outputs = (inputs: Inputs, id: string, place: Required<PlannedPlace>) => Inputs;

/** The outputs that a provider computes and the program uses, by Pulumi type. */
const COMPUTED: Readonly<Record<string, Outputs>> = {
  "aws:apigateway/restApi:RestApi": (_inputs, id, place) => ({
    executionArn: arn(place, "execute-api", hash(id, 10)),
    arn: `arn:aws:apigateway:${place.region}::/restapis/${hash(id, 10)}`,
  }),
  "aws:apigateway/stage:Stage": (inputs, _id, place) => ({
    invokeUrl: `https://${hash(text(inputs["restApi"]), 10)}.execute-api.${place.region}.amazonaws.com/${text(inputs["stageName"])}`,
  }),
  "aws:appautoscaling/policy:Policy": (_inputs, id, place) => ({
    arn: arn(place, "autoscaling", `scalingPolicy:${hash(id, 32)}:policyName/${id}`),
  }),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": (inputs, _id, place) => ({
    arn: arn(place, "cloudwatch", `alarm:${text(inputs["alarmName"])}`),
  }),
  "aws:cloudwatch/dashboard:Dashboard": (inputs, _id, place) => ({
    dashboardArn: `arn:aws:cloudwatch::${place.account}:dashboard/${text(inputs["dashboardName"])}`,
  }),
  "aws:cloudwatch/eventRule:EventRule": (_inputs, id, place) => ({ arn: arn(place, "events", `rule/${id}`) }),
  "aws:cloudwatch/logGroup:LogGroup": (inputs, _id, place) => ({
    arn: arn(place, "logs", `log-group:${text(inputs["name"])}`),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (_inputs, id, place) => ({ arn: arn(place, "cloudwatch", `alarm:${id}`) }),
  "aws:codebuild/project:Project": (_inputs, id, place) => ({ arn: arn(place, "codebuild", `project/${id}`) }),
  "aws:batch/computeEnvironment:ComputeEnvironment": (_inputs, id, place) => ({
    arn: arn(place, "batch", `compute-environment/${id}`),
  }),
  "aws:batch/jobDefinition:JobDefinition": (_inputs, id, place) => ({
    arn: arn(place, "batch", `job-definition/${id}:1`),
  }),
  "aws:batch/jobQueue:JobQueue": (_inputs, id, place) => ({ arn: arn(place, "batch", `job-queue/${id}`) }),
  "aws:bedrock/agentcoreGateway:AgentcoreGateway": (inputs, id, place) => {
    const gatewayId = `${text(inputs["name"])}-${hash(id, 10)}`;
    return {
      gatewayId,
      gatewayArn: arn(place, "bedrock-agentcore", `gateway/${gatewayId}`),
      gatewayUrl: `https://${gatewayId}.gateway.bedrock-agentcore.${place.region}.amazonaws.com/mcp`,
    };
  },
  "aws:cognito/userPool:UserPool": (_inputs, id, place) => ({
    arn: arn(place, "cognito-idp", `userpool/${id}`),
    endpoint: `cognito-idp.${place.region}.amazonaws.com/${id}`,
  }),
  "aws:cognito/userPoolClient:UserPoolClient": (_inputs, id) => ({ clientSecret: hash(id, 32) }),
  "aws:dynamodb/table:Table": (inputs, id, place) => ({
    arn: arn(place, "dynamodb", `table/${id}`),
    streamArn:
      inputs["streamEnabled"] === true ? arn(place, "dynamodb", `table/${id}/stream/${streamTime(place)}`) : "",
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (_inputs, id) => ({ prefixListId: `pl-${hash(id, 8)}` }),
  "aws:ecr/repository:Repository": (_inputs, id, place) => ({
    arn: arn(place, "ecr", `repository/${id}`),
    registryId: place.account,
    repositoryUrl: `${place.account}.dkr.ecr.${place.region}.amazonaws.com/${id}`,
  }),
  "aws:iam/role:Role": (_inputs, id, place) => ({ arn: `arn:aws:iam::${place.account}:role/${id}`, uniqueId: id }),
  "aws:kinesis/stream:Stream": (_inputs, id, place) => ({ arn: arn(place, "kinesis", `stream/${id}`) }),
  "aws:kms/key:Key": (_inputs, id, place) => ({ arn: arn(place, "kms", `key/${id}`), keyId: id }),
  "aws:lambda/function:Function": (inputs, _id, place) => ({
    arn: arn(place, "lambda", `function:${text(inputs["name"])}`),
    version: "$LATEST",
  }),
  "aws:s3/bucket:Bucket": (_inputs, id, place) => ({
    bucket: id,
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${id}.s3.${place.region}.amazonaws.com`,
  }),
  "aws:sagemaker/endpoint:Endpoint": (_inputs, id, place) => ({ arn: arn(place, "sagemaker", `endpoint/${id}`) }),
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (_inputs, id, place) => ({
    arn: arn(place, "sagemaker", `endpoint-config/${id}`),
  }),
  "aws:sagemaker/model:Model": (_inputs, id, place) => ({ arn: arn(place, "sagemaker", `model/${id}`) }),
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": (inputs, _id, place) => ({
    arn: arn(place, "sagemaker", `model-package-group/${text(inputs["modelPackageGroupName"])}`),
  }),
  "aws:scheduler/scheduleGroup:ScheduleGroup": (_inputs, id, place) => ({
    arn: arn(place, "scheduler", `schedule-group/${id}`),
  }),
  "aws:scheduler/schedule:Schedule": (inputs, id, place) => ({
    arn: arn(place, "scheduler", `schedule/${text(inputs["groupName"])}/${id}`),
  }),
  "aws:sfn/stateMachine:StateMachine": (_inputs, id, place) => ({ arn: arn(place, "states", `stateMachine:${id}`) }),
  "aws:sns/topic:Topic": (_inputs, id, place) => ({ arn: arn(place, "sns", id) }),
  "aws:sqs/queue:Queue": (_inputs, id, place) => ({
    arn: arn(place, "sqs", id),
    url: `https://sqs.${place.region}.amazonaws.com/${place.account}/${id}`,
  }),
  "awsx:ecr:Repository": (_inputs, id, place) => ({
    url: `${place.account}.dkr.ecr.${place.region}.amazonaws.com/${id}`,
  }),
  "awsx:ecr:Image": (inputs) => ({
    imageUri: `${text(inputs["repositoryUrl"])}@sha256:${hash(text(inputs["imageTag"]), 64)}`,
  }),
  "docker-build:index:Image": (inputs) => {
    const digest = `sha256:${hash(JSON.stringify(inputs["tags"]), 64)}`;
    return { digest, ref: `${text((inputs["tags"] as unknown[])[0])}@${digest}`, contextHash: hash(digest, 64) };
  },
  "random:index/randomId:RandomId": (_inputs, id) => ({ hex: hash(id, 8), dec: "0", b64Std: id, b64Url: id }),
};

/** DynamoDB names a stream after the time at which it was switched on. */
function streamTime({ patterns }: Required<PlannedPlace>): string {
  return patterns ? "*" : "2000-01-01T00:00:00.000";
}

/** The results of the providers' functions that the program calls. */
const ANSWERS: Readonly<Record<string, (inputs: Inputs, place: Required<PlannedPlace>) => Inputs>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_inputs, { account }) => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:root`,
    id: account,
    userId: account,
  }),
  "aws:index/getPartition:getPartition": (_inputs, { region }) => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
    region,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_inputs, { region }) => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
  }),
  // A plan cannot know the zone of an existing subnet. It assumes another one for each.
  "aws:ec2/getSubnet:getSubnet": (inputs) => ({
    ...inputs,
    availabilityZone: `zone of ${text(inputs["id"])}`,
    vpcId: "vpc-0123456789abcdef0",
  }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (inputs) => inputs,
  "aws:index/getRegion:getRegion": (_inputs, { region }) => ({ id: region, name: region, region, description: region }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (_inputs, { account, region }) => ({
    authorizationToken: "planned",
    expiresAt: "2000-01-01T00:00:00Z",
    id: region,
    password: "planned",
    proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`,
    userName: "AWS",
  }),
  "aws:s3/getObject:getObject": (inputs) => ({
    ...inputs,
    bodyBase64: Buffer.from(plannedManifest(text(inputs["bucket"]), text(inputs["key"]))).toString("base64"),
  }),
  "aws:ecr/getImage:getImage": (inputs) => ({
    ...inputs,
    imageDigest: `sha256:${hash(`${text(inputs["repositoryName"])}:${text(inputs["imageTag"])}`, 64)}`,
  }),
};

/**
 * Handlers that need neither AWS nor Docker. Outputs are the inputs, and names, ARNs and other computed outputs in the
 * form that AWS gives them, the same at every run.
 */
export function plannedHandlers(at: PlannedPlace): ProgramHandlers {
  const place = { account: PLANNED_ACCOUNT, patterns: false, ...at };
  return {
    create: ({ type, name, inputs, id: given }) => Promise.resolve(plannedState(type, name, inputs, given, place)),
    invoke: async (token, inputs) => {
      const answer = ANSWERS[token];
      if (!answer) throw new UnknownInvokeError(token);
      return Promise.resolve(answer(inputs, place));
    },
  };
}

/** Id and outputs of one resource. */
function plannedState(
  type: string,
  name: string,
  inputs: Inputs,
  given: string | undefined,
  place: Required<PlannedPlace>,
): { id: string; state: Inputs } {
  const id = given ?? (place.patterns ? namePattern(type, name, inputs) : physicalName(name, inputs));
  const state = { name: id, ...inputs };
  return { id, state: { ...state, ...COMPUTED[type]?.(state, id, place) } };
}

/** The given name, or Pulumi's auto-name: the logical name and seven hexadecimal digits. */
function physicalName(name: string, inputs: Inputs): string {
  return chosenName(inputs) ?? `${name}-${hash(name, 7)}`;
}

/** The given name, or a pattern of the generated one. EC2 and KMS give ids that have nothing of the logical name. */
function namePattern(type: string, name: string, inputs: Inputs): string {
  return chosenName(inputs) ?? (/^aws:(?:ec2|kms)\//.test(type) ? "*" : `${name}-*`);
}

function chosenName(inputs: Inputs): string | undefined {
  const chosen = inputs["name"] ?? inputs["bucket"] ?? inputs["dashboardName"];
  return typeof chosen === "string" && chosen !== "" ? chosen : undefined;
}

/** A manifest of weights, as `amplify-vep prove` writes it. */
function plannedManifest(bucket: string, key: string): string {
  const [config, weights] = ["config.json", "model.safetensors"].map((name) => hash(`${bucket}/${key}/${name}`, 64));
  return JSON.stringify({ schema_version: 1, files: { "config.json": config, "model.safetensors": weights } });
}

function arn({ account, region }: Required<PlannedPlace>, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function hash(value: string, length: number): string {
  return createHash("sha256").update(value).digest("hex").slice(0, length);
}
