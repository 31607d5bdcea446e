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

const by = (type: string, property: string): Reference[] => [{ type, of: (inputs) => given(inputs[property]) }];

/** References by the type that holds them: AWS refuses to make what names nothing. */
export const REFERENCES: Readonly<Record<string, readonly Reference[]>> = {
  "aws:appautoscaling/policy:Policy": by(TARGET, "resourceId"),
  [TARGET]: [{ type: ENDPOINT, of: ({ resourceId }) => given(text(resourceId).split("/")[1]) }],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": by(REPOSITORY, "repository"),
  "aws:iam/rolePolicy:RolePolicy": by(ROLE, "role"),
  "aws:lambda/function:Function": by(ROLE, "role"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": by(BUCKET, "bucket"),
  "aws:s3/bucketLogging:BucketLogging": [...by(BUCKET, "bucket"), ...by(BUCKET, "targetBucket")],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": by(BUCKET, "bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": by(BUCKET, "bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": by(BUCKET, "bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": by(BUCKET, "bucket"),
  [ENDPOINT]: by(CONFIGURATION, "endpointConfigName"),
  [CONFIGURATION]: [{ type: MODEL, of: ({ productionVariants }) => variantsOf(productionVariants).map(modelOf) }],
  [MODEL]: by(ROLE, "executionRoleArn"),
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
