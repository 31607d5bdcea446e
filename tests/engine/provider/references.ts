import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/** What a thing names by its inputs and AWS looks up when it is made. */
export interface Reference {
  /** Type of what is named. */
  readonly type: string;
  /** Ids or ARNs that the inputs name. */
  readonly of: (inputs: Properties) => string[];
}

const BUCKET = "aws:s3/bucket:Bucket";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const MODEL = "aws:sagemaker/model:Model";
const REPOSITORY = "aws:ecr/repository:Repository";
const ROLE = "aws:iam/role:Role";
const TABLE = "aws:dynamodb/table:Table";
const TARGET = "aws:appautoscaling/target:Target";
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

const by = (type: string, property: string): Reference[] => [{ type, of: (inputs) => given(inputs[property]) }];

const RULE = [...by(GROUP, "securityGroupId"), ...by(GROUP, "referencedSecurityGroupId")];

/** Where a function or a model stands in a network. */
const PLACEMENT: readonly Reference[] = [
  { type: SUBNET, of: ({ vpcConfig }) => listed(vpcConfig, "subnetIds", "subnets") },
  { type: GROUP, of: ({ vpcConfig }) => listed(vpcConfig, "securityGroupIds") },
];

/** References by the type that holds them: AWS refuses to make what names nothing. */
export const REFERENCES: Readonly<Record<string, readonly Reference[]>> = {
  "aws:appautoscaling/policy:Policy": by(TARGET, "resourceId"),
  [TARGET]: [{ type: ENDPOINT, of: ({ resourceId }) => given(text(resourceId).split("/")[1]) }],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": by(REPOSITORY, "repository"),
  "aws:cloudwatch/logGroup:LogGroup": by(KEY, "kmsKeyId"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [...by(SUBNET, "subnetId"), ...by(ROUTES, "routeTableId")],
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
  [FUNCTION]: [...by(ROLE, "role"), ...PLACEMENT],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": by(BUCKET, "bucket"),
  "aws:s3/bucketLogging:BucketLogging": [...by(BUCKET, "bucket"), ...by(BUCKET, "targetBucket")],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": by(BUCKET, "bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": by(BUCKET, "bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": by(BUCKET, "bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": by(BUCKET, "bucket"),
  [ENDPOINT]: by(CONFIGURATION, "endpointConfigName"),
  [CONFIGURATION]: [{ type: MODEL, of: ({ productionVariants }) => variantsOf(productionVariants).map(modelOf) }],
  [MODEL]: [...by(ROLE, "executionRoleArn"), ...PLACEMENT],
  "aws:sns/topicPolicy:TopicPolicy": by(TOPIC, "arn"),
  "aws:sns/topicSubscription:TopicSubscription": by(TOPIC, "topic"),
};

/**
 * Types whose things must be gone before one of the key's type can be. SageMaker lets a model or a configuration in use
 * go, and warns of it: the endpoint cannot start another instance then. Here that is refused.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
 */
export const DELETE_CONFLICTS: Readonly<Record<string, readonly string[]>> = {
  [CONFIGURATION]: [ENDPOINT],
  [MODEL]: [CONFIGURATION],
  [ROLE]: ["aws:iam/rolePolicy:RolePolicy"],
  [NETWORK]: [SUBNET, GROUP, ROUTES, NETWORK_ENDPOINT],
  [SUBNET]: [FUNCTION, MODEL, NETWORK_ENDPOINT],
  [GROUP]: [FUNCTION, MODEL, NETWORK_ENDPOINT, EGRESS, INGRESS],
  [ROUTES]: ["aws:ec2/routeTableAssociation:RouteTableAssociation"],
};

/** AWS's error codes for a name that is taken; types that are not here are overwritten without a word. */
export const NAME_TAKEN: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "ResourceAlreadyExistsException",
  [REPOSITORY]: "RepositoryAlreadyExistsException",
  [ROLE]: "EntityAlreadyExists",
  "aws:lambda/function:Function": "ResourceConflictException",
  [BUCKET]: "BucketAlreadyOwnedByYou",
  [ENDPOINT]: "ValidationException",
  [CONFIGURATION]: "ValidationException",
  [MODEL]: "ValidationException",
  [TABLE]: "ResourceInUseException",
  "aws:ssm/parameter:Parameter": "ParameterAlreadyExists",
};

/** A production variant, as an endpoint configuration holds it. */
export interface Variant {
  readonly variantName?: unknown;
  readonly modelName?: unknown;
  readonly instanceType?: unknown;
}

export function variantsOf(productionVariants: unknown): Variant[] {
  return Array.isArray(productionVariants) ? (productionVariants as Variant[]) : [];
}

function modelOf({ modelName }: Variant): string {
  return text(modelName);
}

function given(value: unknown): string[] {
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** What lists in an input name, by the names of the lists. */
function listed(value: unknown, ...properties: readonly string[]): string[] {
  const held = (typeof value === "object" ? value : undefined) as Properties | undefined;
  return properties.flatMap((property) => (Array.isArray(held?.[property]) ? held[property] : []).flatMap(given));
}
