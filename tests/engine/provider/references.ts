import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/** A reference from a resource's inputs to another resource, which AWS looks up at creation and update. */
export interface Reference {
  /** Type of the referenced resource. */
  readonly type: string;
  /** Ids or ARNs in the inputs. */
  readonly of: (inputs: Properties) => string[];
}

const ACCESS_POOL = "aws:cognito/userPool:UserPool";
const AGENTS = "aws:bedrock/agentcoreGateway:AgentcoreGateway";
const AGENTS_TARGET = "aws:bedrock/agentcoreGatewayTarget:AgentcoreGatewayTarget";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const API = "aws:apigateway/restApi:RestApi";
const API_DEPLOYMENT = "aws:apigateway/deployment:Deployment";
const API_KEY = "aws:apigateway/apiKey:ApiKey";
const API_PLAN = "aws:apigateway/usagePlan:UsagePlan";
const API_STAGE = "aws:apigateway/stage:Stage";
const BUCKET = "aws:s3/bucket:Bucket";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const MODEL = "aws:sagemaker/model:Model";
const PROJECT = "aws:codebuild/project:Project";
const REPOSITORY = "aws:ecr/repository:Repository";
const ROLE = "aws:iam/role:Role";
const TABLE = "aws:dynamodb/table:Table";
const TARGET = "aws:appautoscaling/target:Target";
const QUEUE = "aws:sqs/queue:Queue";
const SCHEDULE = "aws:cloudwatch/eventRule:EventRule";
const TOPIC = "aws:sns/topic:Topic";

const FUNCTION = "aws:lambda/function:Function";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const KEY = "aws:kms/key:Key";
const NETWORK = "aws:ec2/vpc:Vpc";
const NETWORK_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ROUTES = "aws:ec2/routeTable:RouteTable";
const SUBNET = "aws:ec2/subnet:Subnet";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const KINESIS = "aws:kinesis/stream:Stream";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const SCHEDULE_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";
const SCHEDULE_OF_MACHINE = "aws:scheduler/schedule:Schedule";

/** The end of the ARN of a table's stream, after the ARN of the table. */
const TABLE_STREAM = /\/stream\/[^/]+$/;

/** The type of each source of events, by the service in its ARN. */
const SOURCES = { dynamodb: TABLE, kinesis: KINESIS, sqs: QUEUE } as const;

const by = (type: string, property: string): Reference[] => [{ type, of: (inputs) => given(inputs[property]) }];

const RULE = [...by(GROUP, "securityGroupId"), ...by(GROUP, "referencedSecurityGroupId")];

/** Subnets and security groups of a function or a model. */
const PLACEMENT: readonly Reference[] = [
  { type: SUBNET, of: ({ vpcConfig }) => listed(vpcConfig, "subnetIds", "subnets") },
  { type: GROUP, of: ({ vpcConfig }) => listed(vpcConfig, "securityGroupIds") },
];

/** References by the type that contains them: AWS rejects a resource that refers to one that does not exist. */
export const REFERENCES: Readonly<Record<string, readonly Reference[]>> = {
  [AGENTS]: by(ROLE, "roleArn"),
  [AGENTS_TARGET]: by(AGENTS, "gatewayIdentifier"),
  [API_DEPLOYMENT]: by(API, "restApi"),
  "aws:apigateway/methodSettings:MethodSettings": by(API, "restApi"),
  [API_PLAN]: [
    { type: API, of: ({ apiStages }) => (apiStages as readonly Properties[]).flatMap(({ apiId }) => given(apiId)) },
  ],
  "aws:apigateway/usagePlanKey:UsagePlanKey": [...by(API_PLAN, "usagePlanId"), ...by(API_KEY, "keyId")],
  [API_STAGE]: [
    ...by(API, "restApi"),
    ...by(API_DEPLOYMENT, "deployment"),
    {
      type: LOG_GROUP,
      of: ({ accessLogSettings }) => given((accessLogSettings as Properties | undefined)?.["destinationArn"]),
    },
  ],
  ...Object.fromEntries(
    ["userPoolDomain:UserPoolDomain", "resourceServer:ResourceServer", "userPoolClient:UserPoolClient"].map((type) => [
      `aws:cognito/${type}`,
      by(ACCESS_POOL, "userPoolId"),
    ]),
  ),
  // CloudWatch refuses a rule with an alarm that does not exist.
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [
    {
      type: ALARM,
      of: ({ alarmRule }) => [...text(alarmRule).matchAll(/ALARM\("([^"]+)"\)/g)].flatMap(([, name]) => given(name)),
    },
  ],
  "aws:appautoscaling/policy:Policy": by(TARGET, "resourceId"),
  "aws:appautoscaling/scheduledAction:ScheduledAction": by(TARGET, "resourceId"),
  [TARGET]: [{ type: ENDPOINT, of: ({ resourceId }) => given(text(resourceId).split("/")[1]) }],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": by(REPOSITORY, "repository"),
  [LOG_GROUP]: by(KEY, "kmsKeyId"),
  [PROJECT]: by(ROLE, "serviceRole"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [...by(SUBNET, "subnetId"), ...by(ROUTES, "routeTableId")],
  [FLOW_LOG]: [...by(NETWORK, "vpcId"), ...by(LOG_GROUP, "logDestination"), ...by(ROLE, "iamRoleArn")],
  [GROUP]: by(NETWORK, "vpcId"),
  [ROUTES]: by(NETWORK, "vpcId"),
  [SUBNET]: by(NETWORK, "vpcId"),
  [NETWORK_ENDPOINT]: [
    ...by(NETWORK, "vpcId"),
    { type: SUBNET, of: (inputs) => listed(inputs, "subnetIds") },
    { type: GROUP, of: (inputs) => listed(inputs, "securityGroupIds") },
    { type: ROUTES, of: (inputs) => listed(inputs, "routeTableIds") },
  ],
  [EGRESS]: RULE,
  [INGRESS]: RULE,
  "aws:iam/rolePolicy:RolePolicy": by(ROLE, "role"),
  // The key of Kinesis itself has an alias, and is no resource of the stack.
  [KINESIS]: [{ type: KEY, of: ({ kmsKeyId }) => given(kmsKeyId).filter((key) => !key.startsWith("alias/aws/")) }],
  [FUNCTION]: [...by(ROLE, "role"), ...PLACEMENT],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": by(BUCKET, "bucket"),
  "aws:s3/bucketLogging:BucketLogging": [...by(BUCKET, "bucket"), ...by(BUCKET, "targetBucket")],
  "aws:s3/bucketNotification:BucketNotification": [
    ...by(BUCKET, "bucket"),
    { type: QUEUE, of: ({ queues }) => (queues as readonly Properties[]).flatMap(({ queueArn }) => given(queueArn)) },
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": by(BUCKET, "bucket"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": by(BUCKET, "bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": by(BUCKET, "bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": by(BUCKET, "bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": by(BUCKET, "bucket"),
  [ENDPOINT]: [...by(CONFIGURATION, "endpointConfigName"), { type: ALARM, of: rollbackAlarms }],
  [CONFIGURATION]: [
    { type: MODEL, of: ({ productionVariants }) => variantsOf(productionVariants).map(modelOf) },
    { type: BUCKET, of: ({ asyncInferenceConfig }) => outputBucket(asyncInferenceConfig) },
  ],
  [MODEL]: [...by(ROLE, "executionRoleArn"), ...PLACEMENT],
  "aws:cloudwatch/eventTarget:EventTarget": [...by(SCHEDULE, "rule"), ...by(FUNCTION, "arn")],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    ...Object.entries(SOURCES).map(([service, type]): Reference => ({
      type,
      of: ({ eventSourceArn }) =>
        given(eventSourceArn)
          .filter((source) => source.split(":")[2] === service)
          .map((source) => (type === TABLE ? source.replace(TABLE_STREAM, "") : source)),
    })),
    { type: BUCKET, of: ({ destinationConfig }) => failureDestination(destinationConfig) },
    ...by(FUNCTION, "functionName"),
  ],
  "aws:lambda/permission:Permission": by(FUNCTION, "function"),
  "aws:lambda/invocation:Invocation": by(FUNCTION, "functionName"),
  // AWS Budgets refuses a topic that it cannot publish to.
  "aws:budgets/budget:Budget": [
    {
      type: TOPIC,
      of: ({ notifications }) =>
        (notifications as readonly Properties[]).flatMap(({ subscriberSnsTopicArns: topics }) =>
          (topics as readonly unknown[]).flatMap(given),
        ),
    },
  ],
  [SCHEDULE_OF_MACHINE]: [
    ...by(SCHEDULE_GROUP, "groupName"),
    { type: MACHINE, of: ({ target }) => given((target as Properties)["arn"]) },
    { type: ROLE, of: ({ target }) => given((target as Properties)["roleArn"]) },
  ],
  [MACHINE]: [
    ...by(ROLE, "roleArn"),
    { type: KEY, of: ({ encryptionConfiguration: own }) => given((own as Properties | undefined)?.["kmsKeyId"]) },
    {
      type: LOG_GROUP,
      of: ({ loggingConfiguration: logs }) => [text((logs as Properties)["logDestination"]).replace(/:\*$/, "")],
    },
  ],
  "aws:sqs/queuePolicy:QueuePolicy": by(QUEUE, "queueUrl"),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": by(QUEUE, "queueUrl"),
  "aws:sns/topicPolicy:TopicPolicy": by(TOPIC, "arn"),
  "aws:sns/topicSubscription:TopicSubscription": by(TOPIC, "topic"),
};

/**
 * Types whose resources must be deleted before a resource of the key's type. SageMaker itself allows the deletion of a
 * model or a configuration in use, and its documentation warns against it, because the endpoint can then not start
 * another instance. Here it is rejected.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
 */
export const DELETE_CONFLICTS: Readonly<Record<string, readonly string[]>> = {
  // CloudWatch refuses to delete an alarm that is in the rule of a composite alarm.
  [ALARM]: ["aws:cloudwatch/compositeAlarm:CompositeAlarm"],
  // https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_DeleteGateway.html
  [AGENTS]: [AGENTS_TARGET],
  // https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteDeployment.html
  [API_DEPLOYMENT]: [API_STAGE],
  // S3 allows it, and the endpoint then loses its results.
  [BUCKET]: [CONFIGURATION],
  [CONFIGURATION]: [ENDPOINT],
  [MODEL]: [CONFIGURATION],
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
  [SCHEDULE]: ["aws:cloudwatch/eventTarget:EventTarget"],
  [ROLE]: ["aws:iam/rolePolicy:RolePolicy"],
  [NETWORK]: [SUBNET, GROUP, ROUTES, NETWORK_ENDPOINT],
  [SUBNET]: [FUNCTION, MODEL, NETWORK_ENDPOINT],
  [GROUP]: [FUNCTION, MODEL, NETWORK_ENDPOINT, EGRESS, INGRESS],
  [ROUTES]: ["aws:ec2/routeTableAssociation:RouteTableAssociation"],
};

/** AWS's error code for a name that is in use, by type; for other types, AWS overwrites without an error. */
export const NAME_TAKEN: Readonly<Record<string, string>> = {
  [LOG_GROUP]: "ResourceAlreadyExistsException",
  [PROJECT]: "ResourceAlreadyExistsException",
  [REPOSITORY]: "RepositoryAlreadyExistsException",
  [ROLE]: "EntityAlreadyExists",
  "aws:lambda/function:Function": "ResourceConflictException",
  [BUCKET]: "BucketAlreadyOwnedByYou",
  [CONFIGURATION]: "ValidationException",
  [MODEL]: "ValidationException",
  [KINESIS]: "ResourceInUseException",
  [MACHINE]: "StateMachineAlreadyExists",
  [SCHEDULE_GROUP]: "ConflictException",
  [SCHEDULE_OF_MACHINE]: "ConflictException",
  [TABLE]: "ResourceInUseException",
  "aws:ssm/parameter:Parameter": "ParameterAlreadyExists",
};

/** A production variant of an endpoint configuration. */
export interface Variant {
  readonly variantName?: unknown;
  readonly modelName?: unknown;
  readonly instanceType?: unknown;
}

export function variantsOf(productionVariants: unknown): Variant[] {
  return Array.isArray(productionVariants) ? (productionVariants as Variant[]) : [];
}

/** Names of the alarms that roll an update of an endpoint back. */
export function rollbackAlarms({ deploymentConfig }: Properties): string[] {
  const { autoRollbackConfiguration } = (deploymentConfig ?? {}) as {
    readonly autoRollbackConfiguration?: { readonly alarms?: readonly { readonly alarmName?: unknown }[] };
  };
  return (autoRollbackConfiguration?.alarms ?? []).map(({ alarmName }) => text(alarmName));
}

/** The bucket of `outputConfig.s3OutputPath`, which is `s3://bucket/prefix`. */
function outputBucket(asyncInferenceConfig: unknown): string[] {
  const { outputConfig } = (asyncInferenceConfig ?? {}) as { readonly outputConfig?: Properties };
  return given(text(outputConfig?.["s3OutputPath"]).split("/")[2]);
}

function modelOf({ modelName }: Variant): string {
  return text(modelName);
}

function given(value: unknown): string[] {
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** Strings in the lists of an input, by the names of the lists. */
export function listed(value: unknown, ...properties: readonly string[]): string[] {
  const lists = (typeof value === "object" ? value : undefined) as Properties | undefined;
  return properties.flatMap((property) => (Array.isArray(lists?.[property]) ? lists[property] : []).flatMap(given));
}

/** The bucket to which Lambda writes what it gave up. */
function failureDestination(config: unknown): string[] {
  const { onFailure } = (config ?? {}) as { onFailure?: { destinationArn?: unknown } };
  return given(onFailure?.destinationArn);
}
