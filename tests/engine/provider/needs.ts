import { PREFIXES } from "../../../contract/storage.js";
import { arn, FUNCTION_INTERFACES, keyUse, logging, MODEL_INTERFACES, pulling, type Right } from "./commonRights.js";
import { child, PLACE, text } from "./outputs.js";
import { rollbackAlarms, variantsOf } from "./references.js";
import { functionRights } from "./functionRights.js";
import { machineRights, sourceOf } from "./scanRights.js";
import type { CloudResource, CloudView } from "./cloudState.js";

/** A request that a running user makes, or would make as soon as there is work. */
export interface Need {
  /** ARN of a role, or host of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys beyond those of every request. */
  readonly context: Readonly<Record<string, string>>;
}

const { account, region } = PLACE;
const ALARMS = ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"];
const KEY = "aws:kms/key:Key";

/** What everything that runs in the cloud needs at this moment. */
export function needsOf(cloud: CloudView): Need[] {
  return [
    ...cloud.all("aws:lambda/function:Function").flatMap((resource) => functionNeeds(cloud, resource)),
    ...cloud
      .all("aws:sagemaker/endpointConfiguration:EndpointConfiguration")
      .flatMap((configuration) => fleetNeeds(cloud, configuration)),
    ...cloud
      .all("aws:bedrock/agentcoreGatewayTarget:AgentcoreGatewayTarget")
      .flatMap((target) => agentNeeds(cloud, target)),
    ...ALARMS.flatMap((type) => cloud.all(type)).flatMap((alarm) => alarmNeeds(cloud, alarm)),
    ...cloud.all("aws:cloudwatch/logGroup:LogGroup").flatMap(logNeeds),
    ...cloud
      .all("aws:sfn/stateMachine:StateMachine")
      .flatMap((machine) => [
        ...assumedBy(machine, text(machine.inputs["roleArn"])),
        ...needs(text(machine.inputs["roleArn"]), machineRights(cloud, machine)),
      ]),
    ...cloud.all("aws:scheduler/schedule:Schedule").flatMap((schedule) => {
      const target = child(schedule.inputs, "target");
      return [
        ...assumedBy(schedule, text(target["roleArn"])),
        ...needs(text(target["roleArn"]), [["states:StartExecution", text(target["arn"])]]),
      ];
    }),
  ];
}

function assumedBy(resource: CloudResource, roleArn: string): Need[] {
  const { service, source } = sourceOf(resource);
  return assumed(service, roleArn, source);
}

/**
 * A function of the program. Those of the result store know no endpoint.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
function functionNeeds(cloud: CloudView, { id, inputs }: CloudResource): Need[] {
  const { rights, usesObjects } = functionRights(cloud, id, child(inputs, "environment", "variables"));
  const keys = usesObjects ? objectKeys(cloud) : [];
  return [
    ...assumed("lambda.amazonaws.com", text(inputs["role"]), arn("lambda", `function:${id}`)),
    ...needs(text(inputs["role"]), [
      ...rights,
      // https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
      ["xray:PutTraceSegments", "*"],
      ["xray:PutTelemetryRecords", "*"],
      ...logging(text(child(inputs, "loggingConfig")["logGroup"])),
      ...(inputs["vpcConfig"] === undefined ? [] : FUNCTION_INTERFACES),
      ...keys.flatMap((key) => keyUse(key, "s3", ["kms:Decrypt", "kms:GenerateDataKey"])),
    ]),
  ];
}

/**
 * The instances that run an endpoint configuration. The old fleet of an update counts until its configuration is
 * deleted: the engine may make other calls while the update of the endpoint, which takes up to an hour, is in progress.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
 */
function fleetNeeds(cloud: CloudView, { inputs, runsFor }: CloudResource): Need[] {
  const endpoint = cloud.find("aws:sagemaker/endpoint:Endpoint", runsFor ?? "");
  if (!endpoint || endpoint.failed === true) return [];
  const output = child(inputs, "asyncInferenceConfig", "outputConfig");
  const topics = child(output, "notificationConfig");
  return variantsOf(inputs["productionVariants"]).flatMap(({ modelName }) => {
    const model = cloud.find("aws:sagemaker/model:Model", text(modelName))?.inputs ?? {};
    const role = text(model["executionRoleArn"]);
    return [
      ...assumed("sagemaker.amazonaws.com", role, arn("sagemaker", "*")),
      ...needs(role, [
        ["s3:GetObject", `${bucketArn(output["s3OutputPath"])}/${PREFIXES.input}1.json`],
        ...[output["s3OutputPath"], output["s3FailurePath"]].flatMap((path): Right[] => [
          ["s3:PutObject", `${objectArn(path)}1.out`],
          ["s3:AbortMultipartUpload", `${objectArn(path)}1.out`],
        ]),
        ...pulling(text(child(model, "primaryContainer")["image"])),
        ...logging(`/aws/sagemaker/Endpoints/${endpoint.id}`),
        ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" }],
        // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
        ...rollbackAlarms(endpoint.inputs).map((name): Right => [
          "cloudwatch:DescribeAlarms",
          arn("cloudwatch", `alarm:${name}`),
        ]),
        ...[topics["successTopic"], topics["errorTopic"]]
          .filter((topic) => topic !== undefined)
          .map((topic): Right => ["sns:Publish", text(topic)]),
        ...(model["vpcConfig"] === undefined ? [] : MODEL_INTERFACES),
        ...objectKeys(cloud).flatMap((key) => keyUse(key, "s3", ["kms:Decrypt", "kms:GenerateDataKey"])),
      ]),
    ];
  });
}

/**
 * A gateway for agents, which calls the function with its role.
 *
 * @see https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-prerequisites-permissions.html
 */
function agentNeeds(cloud: CloudView, { inputs }: CloudResource): Need[] {
  const gateway = cloud.find("aws:bedrock/agentcoreGateway:AgentcoreGateway", text(inputs["gatewayIdentifier"]));
  const role = text(gateway?.inputs["roleArn"]);
  return [
    ...assumed("bedrock-agentcore.amazonaws.com", role, text(gateway?.outputs["gatewayArn"])),
    ...needs(role, [
      ["lambda:InvokeFunction", text(child(inputs, "targetConfiguration", "mcp", "lambda")["lambdaArn"])],
    ]),
  ];
}

/**
 * CloudWatch, which publishes an alarm to topics. A topic without a policy of its own admits the whole account.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
function alarmNeeds(cloud: CloudView, { inputs, outputs }: CloudResource): Need[] {
  const context = { "aws:SourceAccount": account, "aws:SourceArn": text(outputs["arn"]) };
  const topics = ((inputs["alarmActions"] ?? []) as string[]).filter((action) => action.startsWith("arn:aws:sns:"));
  return topics.flatMap((topic) => {
    const key = text(cloud.find("aws:sns/topic:Topic", topic)?.inputs["kmsMasterKeyId"]);
    return needs("cloudwatch.amazonaws.com", [
      ...(cloud.find("aws:sns/topicPolicy:TopicPolicy", topic) ? [["sns:Publish", topic, context] as const] : []),
      ...(key === "" ? [] : ["kms:Decrypt", "kms:GenerateDataKey"].map((action): Right => [action, key, context])),
    ]);
  });
}

/**
 * CloudWatch Logs, which encrypts a log group.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function logNeeds({ id, inputs }: CloudResource): Need[] {
  const key = text(inputs["kmsKeyId"]);
  if (key === "") return [];
  const context = { "kms:EncryptionContext:aws:logs:arn": arn("logs", `log-group:${id}`) };
  return needs(
    `logs.${region}.amazonaws.com`,
    ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"].map((action): Right => [
      action,
      key,
      context,
    ]),
  );
}

/**
 * Keys that exist, and with which objects of the bucket are or were encrypted: queued requests and old results are
 * still read after the bucket has another key or none.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
function objectKeys(cloud: CloudView): string[] {
  return cloud
    .all(KEY)
    .filter(({ encryptsObjects }) => encryptsObjects === true)
    .map(({ outputs }) => text(outputs["arn"]));
}

/** A service assumes a role for a resource; SageMaker names no single one (security-confused-deputy-prevention.html). */
function assumed(principal: string, roleArn: string, sourceArn: string): Need[] {
  const context = { "aws:SourceAccount": account, "aws:SourceArn": sourceArn };
  return needs(principal, [["sts:AssumeRole", roleArn, context]]);
}

function needs(principal: string, rights: readonly Right[]): Need[] {
  return rights.map(([action, resource, context = {}]) => ({ principal, action, resource, context }));
}

function objectArn(path: unknown): string {
  return text(path).replace("s3://", "arn:aws:s3:::");
}

function bucketArn(path: unknown): string {
  return objectArn(path).split("/")[0] ?? "";
}
