import { createHash } from "node:crypto";
import { UNKNOWN, type Properties } from "./wire.js";

/** Account and region of the simulated cloud; AWS's documentation uses the same account. */
export const PLACE = { account: "123456789012", region: "us-east-1" } as const;

/** What a provider returns for a new resource besides its inputs. */
interface Computed {
  /** Physical id. Default: the physical name, else the logical one. */
  readonly id?: (inputs: Properties, logicalName: string) => string;
  readonly outputs?: (inputs: Properties, id: string) => Properties;
  /** Outputs that change at every update: unknown in its preview. */
  readonly volatile?: readonly string[];
}

const COMPUTED: Readonly<Record<string, Computed>> = {
  "aws:apigateway/restApi:RestApi": { outputs: (_inputs, id) => ({ executionArn: arn("execute-api", hash(id, 10)) }) },
  "aws:apigateway/stage:Stage": {
    id: (inputs) => `ags-${text(inputs["restApi"])}-${text(inputs["stageName"])}`,
    outputs: ({ restApi, stageName }) => ({
      invokeUrl: `https://${hash(text(restApi), 10)}.execute-api.${PLACE.region}.amazonaws.com/${text(stageName)}`,
    }),
  },
  "aws:appautoscaling/policy:Policy": {
    outputs: (_inputs, id) => ({ arn: arn("autoscaling", `scalingPolicy:${hash(id, 8)}:policyName/${id}`) }),
  },
  "aws:appautoscaling/target:Target": {
    id: (inputs) => text(inputs["resourceId"]),
    outputs: (_inputs, id) => ({ arn: arn("application-autoscaling", `scalable-target/${hash(id, 12)}`) }),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    id: (inputs) => text(inputs["alarmName"]),
    outputs: (_inputs, id) => ({ arn: arn("cloudwatch", `alarm:${id}`) }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    id: (inputs) => text(inputs["dashboardName"]),
    outputs: (_inputs, id) => ({ dashboardArn: `arn:aws:cloudwatch::${PLACE.account}:dashboard/${id}` }),
  },
  "aws:cloudwatch/eventRule:EventRule": named("events", "rule/"),
  "aws:cloudwatch/eventTarget:EventTarget": { id: (inputs) => `${text(inputs["rule"])}-${text(inputs["targetId"])}` },
  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
  "aws:codebuild/project:Project": {
    id: (inputs) => arn("codebuild", `project/${text(inputs["name"])}`),
    outputs: (_inputs, id) => ({ arn: id }),
  },
  "aws:batch/computeEnvironment:ComputeEnvironment": named("batch", "compute-environment/"),
  "aws:batch/jobDefinition:JobDefinition": named("batch", "job-definition/"),
  "aws:batch/jobQueue:JobQueue": named("batch", "job-queue/"),
  "aws:bedrock/agentcoreGateway:AgentcoreGateway": {
    id: (inputs) => `${text(inputs["name"])}-${hash(text(inputs["name"]), 10)}`,
    outputs: (_inputs, id) => ({
      gatewayId: id,
      gatewayArn: arn("bedrock-agentcore", `gateway/${id}`),
      gatewayUrl: `https://${id}.gateway.bedrock-agentcore.${PLACE.region}.amazonaws.com/mcp`,
    }),
  },
  "aws:cognito/userPool:UserPool": {
    outputs: (_inputs, id) => ({
      arn: arn("cognito-idp", `userpool/${id}`),
      endpoint: `cognito-idp.${PLACE.region}.amazonaws.com/${id}`,
    }),
  },
  "aws:cognito/userPoolClient:UserPoolClient": { outputs: (_inputs, id) => ({ clientSecret: hash(id, 32) }) },
  "aws:dynamodb/table:Table": {
    outputs: (inputs, id) => {
      const table = arn("dynamodb", `table/${id}`);
      const streamArn = inputs["streamEnabled"] === true ? `${table}/stream/2026-01-01T00:00:00.000` : "";
      return { arn: table, streamArn };
    },
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { outputs: (_inputs, id) => ({ prefixListId: `pl-${hash(id, 8)}` }) },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { id: (inputs) => text(inputs["repository"]) },
  "aws:ecr/repository:Repository": {
    outputs: (_inputs, id) => ({
      arn: arn("ecr", `repository/${id}`),
      registryId: PLACE.account,
      repositoryUrl: `${PLACE.account}.dkr.ecr.${PLACE.region}.amazonaws.com/${id}`,
    }),
  },
  "aws:iam/role:Role": {
    outputs: ({ path = "/" }, id) => ({ arn: `arn:aws:iam::${PLACE.account}:role${text(path)}${id}` }),
  },
  "aws:iam/rolePolicy:RolePolicy": { id: (inputs) => `${text(inputs["role"])}:${text(inputs["name"])}` },
  "aws:kinesis/stream:Stream": {
    id: (inputs) => arn("kinesis", `stream/${text(inputs["name"])}`),
    outputs: (_inputs, id) => ({ arn: id }),
  },
  "aws:kms/key:Key": { outputs: (_inputs, id) => ({ arn: arn("kms", `key/${id}`), keyId: id }) },
  "aws:lambda/function:Function": {
    outputs: (_inputs, id) => ({ arn: arn("lambda", `function:${id}`), version: "$LATEST" }),
  },
  "aws:lambda/permission:Permission": { id: (inputs) => text(inputs["statementId"]) },
  "aws:s3/bucket:Bucket": {
    id: (inputs) => text(inputs["bucket"]),
    outputs: (_inputs, id) => ({ arn: `arn:aws:s3:::${id}` }),
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket(),
  "aws:s3/bucketLogging:BucketLogging": ofBucket(),
  "aws:s3/bucketNotification:BucketNotification": ofBucket(),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    id: (inputs) => `${text(inputs["bucket"])}/${text(inputs["key"])}`,
    outputs: (_inputs, id) => ({ arn: `arn:aws:s3:::${id}` }),
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket(),
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket(),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket(),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket(),
  "aws:sagemaker/endpoint:Endpoint": named("sagemaker", "endpoint/"),
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": named("sagemaker", "endpoint-config/"),
  "aws:sagemaker/model:Model": named("sagemaker", "model/"),
  "aws:scheduler/schedule:Schedule": {
    id: (inputs) => `${text(inputs["groupName"])}/${text(inputs["name"])}`,
    outputs: (_inputs, id) => ({ arn: arn("scheduler", `schedule/${id}`) }),
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": named("scheduler", "schedule-group/"),
  "aws:sfn/stateMachine:StateMachine": {
    id: (inputs) => arn("states", `stateMachine:${text(inputs["name"])}`),
    outputs: (_inputs, id) => ({ arn: id }),
  },
  "aws:sns/topic:Topic": {
    id: (inputs) => arn("sns", text(inputs["name"])),
    outputs: (_inputs, id) => ({ arn: id }),
  },
  "aws:sns/topicPolicy:TopicPolicy": { id: (inputs) => text(inputs["arn"]) },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: (inputs) => `${text(inputs["topic"])}:${hash(JSON.stringify(inputs), 12)}`,
    outputs: (_inputs, id) => ({ arn: id }),
  },
  "aws:sqs/queue:Queue": {
    id: (inputs) => queueUrl(text(inputs["name"])),
    outputs: (inputs, id) => ({ arn: arn("sqs", text(inputs["name"])), url: id }),
  },
  "aws:sqs/queuePolicy:QueuePolicy": { id: (inputs) => text(inputs["queueUrl"]) },
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": { id: (inputs) => text(inputs["queueUrl"]) },
  "aws:ssm/parameter:Parameter": named("ssm", "parameter"),
  "docker-build:index:Image": {
    outputs: (inputs) => builtImage(inputs),
    volatile: ["contextHash", "digest", "ref"],
  },
  "random:index/randomId:RandomId": {
    outputs: (_inputs, id) => ({ hex: hash(id, 8) }),
  },
};

function queueUrl(name: string): string {
  return `https://sqs.${PLACE.region}.amazonaws.com/${PLACE.account}/${name}`;
}

function named(service: string, resource: string): Computed {
  return { outputs: (_inputs, id) => ({ arn: arn(service, `${resource}${id}`) }) };
}

function ofBucket(): Computed {
  return { id: (inputs) => text(inputs["bucket"]) };
}

/** The digest is computed from the tag, because the tag contains a hash of the build's inputs. */
function builtImage(inputs: Properties): Properties {
  const [tag] = inputs["tags"] as readonly string[];
  const digest = `sha256:${hash(text(tag), 64)}`;
  return { digest, ref: `${text(tag)}@${digest}`, contextHash: hash(digest, 64) };
}

/**
 * Id and outputs of a resource, with no unknown values.
 *
 * @param occurrence makes the generated ids of two resources with the same logical name different
 */
export function computed(
  type: string,
  logicalName: string,
  inputs: Properties,
  occurrence: number,
): { id: string; outputs: Properties } {
  const { id: idOf, outputs } = COMPUTED[type] ?? {};
  const id = idOf?.(inputs, logicalName) ?? physicalName(inputs) ?? `${logicalName}-${occurrence}`;
  return { id, outputs: { ...inputs, ...outputs?.(inputs, id) } };
}

/** The outputs of a resource in a preview: what AWS would return is unknown. */
export function planned(type: string, inputs: Properties): Properties {
  const returned = COMPUTED[type]?.outputs?.({ ...inputs, tags: [""] }, "") ?? {};
  return { ...Object.fromEntries(Object.keys(returned).map((name) => [name, UNKNOWN])), ...inputs };
}

/** The outputs of an update in a preview: unchanged, except for those that change at every update. */
export function plannedUpdate(type: string, olds: Properties, inputs: Properties): Properties {
  const changing = COMPUTED[type]?.volatile ?? [];
  return { ...olds, ...inputs, ...Object.fromEntries(changing.map((name) => [name, UNKNOWN])) };
}

function physicalName(inputs: Properties): string | undefined {
  return typeof inputs["name"] === "string" ? inputs["name"] : undefined;
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${PLACE.region}:${PLACE.account}:${resource}`;
}

/** The value of a string property; empty where it is unset. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The object at a path of properties; empty where there is none. */
export function child(properties: Properties | undefined, ...path: readonly string[]): Properties {
  return path.reduce<Properties>((inner, key) => (inner[key] ?? {}) as Properties, properties ?? {});
}

/** The first `length` hexadecimal digits of the SHA-256 hash of a value. */
export function hash(value: string, length: number): string {
  return createHash("sha256").update(value).digest("hex").slice(0, length);
}
