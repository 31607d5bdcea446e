import type { ResourceRule } from "../rule.js";

/** Tags that identify the project, the stack and the tool that manages it. */
export const REQUIRED_TAGS = ["Project", "Stack", "ManagedBy"] as const;

/** Types of resources that can have tags, among those that this service uses or may use. */
export const TAGGED_TYPES: readonly string[] = [
  "aws:apigateway/apiKey:ApiKey",
  "aws:apigateway/restApi:RestApi",
  "aws:apigateway/stage:Stage",
  "aws:apigateway/usagePlan:UsagePlan",
  "aws:appautoscaling/target:Target",
  "aws:athena/workgroup:Workgroup",
  "aws:bedrock/agentcoreGateway:AgentcoreGateway",
  "aws:budgets/budget:Budget",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:codebuild/project:Project",
  "aws:cognito/userPool:UserPool",
  "aws:dynamodb/table:Table",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/repository:Repository",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:sagemaker/endpoint:Endpoint",
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  "aws:sagemaker/model:Model",
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
  "aws:scheduler/scheduleGroup:ScheduleGroup",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:ssm/parameter:Parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];

/** Every resource that can have tags has them. */
export const tagsArePresent: ResourceRule = {
  name: "tags-are-present",
  description: `Every resource that can have tags has ${REQUIRED_TAGS.join(", ")} in its own arguments`,
  severity: "low",
  fix: "Pass the stack's tags to the resource.",
  scope: "resource",
  types: TAGGED_TYPES,
  check: ({ type, props }) => {
    if (!TAGGED_TYPES.includes(type)) return [];
    const tags = (props["tags"] ?? {}) as Readonly<Record<string, string>>;
    return REQUIRED_TAGS.filter((tag) => (tags[tag] ?? "") === "").map((tag) => `Tag ${tag} is missing.`);
  },
};
