import { BUCKET_IDENTITY } from "./buckets.js";
import { isUnknown, refersTo } from "../references.js";
import { ofType, resourceRule, stackRule, unless, type Subject, type Typed, type Violation } from "../rule.js";

/** Every bucket says how it is encrypted, whatever the account's default. */
export const bucketsAreEncrypted = stackRule(
  {
    name: "buckets-are-encrypted",
    description: "Every bucket has a server-side encryption configuration of its own",
    severity: "high",
    mend: "Add a BucketServerSideEncryptionConfiguration beside the bucket.",
  },
  (stack) =>
    ofType(stack, "aws:s3/bucket:Bucket")
      .filter((bucket) => encryptionOf(bucket, stack) === undefined)
      .map((bucket) => ({ urn: bucket.urn, message: `Bucket '${bucket.name}' does not say how it is encrypted.` })),
);

/** No queue keeps its messages in the clear. */
export const queuesAreEncrypted = resourceRule(
  {
    name: "queues-are-encrypted",
    description: "Every queue encrypts its messages, with SQS's key or the stack's own",
    severity: "high",
    mend: "Set sqsManagedSseEnabled, or kmsMasterKeyId.",
  },
  {
    "aws:sqs/queue:Queue": ({ sqsManagedSseEnabled, kmsMasterKeyId }) =>
      unless(sqsManagedSseEnabled === true || isSet(kmsMasterKeyId), "The queue's messages are not encrypted."),
  },
);

/** A stack that has a key of its own uses it wherever data rests. */
export const oneKeyForAll = stackRule(
  {
    name: "one-key-for-all",
    description:
      "Where the stack has a KMS key, every bucket, table, topic, queue, log group and the async output names one; " +
      "a bucket of access logs may not, as S3 delivers those under its own keys only",
    severity: "high",
    mend: "Pass the stack's key to the store.",
  },
  (stack) => {
    if (!stack.some(({ type }) => type === "aws:kms/key:Key")) return [];
    return [...buckets(stack), ...otherStores(stack)];
  },
);

/** Keys change by themselves. */
export const keysRotate = resourceRule(
  {
    name: "keys-rotate",
    description: "Every KMS key rotates by itself and cannot be deleted within a week",
    severity: "medium",
    mend: "Set enableKeyRotation, and leave deletionWindowInDays out or at 7 and more.",
  },
  {
    "aws:kms/key:Key": ({ enableKeyRotation, deletionWindowInDays }) => [
      ...unless(enableKeyRotation === true, "The key does not rotate."),
      ...unless((deletionWindowInDays ?? 30) >= 7, `The key is deleted after ${String(deletionWindowInDays)} days.`),
    ],
  },
);

function buckets(stack: readonly Subject[]): Violation[] {
  const logging = ofType(stack, "aws:s3/bucketLogging:BucketLogging");
  return ofType(stack, "aws:s3/bucket:Bucket")
    .filter((bucket) => !logging.some((log) => refersTo(log, "targetBucket", bucket, BUCKET_IDENTITY)))
    .filter((bucket) => {
      const encryption = encryptionOf(bucket, stack);
      return encryption !== undefined && !usesKey(encryption);
    })
    .map(({ urn, name }) => ({ urn, message: `Bucket '${name}' is not encrypted with the stack's key (aws:kms).` }));
}

function usesKey({ props }: Encryption): boolean {
  return props.rules.some(
    ({ applyServerSideEncryptionByDefault: rule }) =>
      rule?.sseAlgorithm.startsWith("aws:kms") === true && isNamed(() => rule.kmsMasterKeyId),
  );
}

function otherStores(stack: readonly Subject[]): Violation[] {
  return [
    ...ofType(stack, "aws:cloudwatch/logGroup:LogGroup").filter(({ props }) => !isNamed(() => props.kmsKeyId)),
    ...ofType(stack, "aws:dynamodb/table:Table").filter(
      ({ props }) => !isNamed(() => props.serverSideEncryption?.kmsKeyArn),
    ),
    ...ofType(stack, "aws:sagemaker/endpointConfiguration:EndpointConfiguration").filter(
      ({ props }) => !isNamed(() => props.asyncInferenceConfig?.outputConfig.kmsKeyId),
    ),
    ...ofType(stack, "aws:sns/topic:Topic").filter(({ props }) => !isNamed(() => props.kmsMasterKeyId)),
    ...ofType(stack, "aws:sqs/queue:Queue").filter(({ props }) => !isNamed(() => props.kmsMasterKeyId)),
  ].map(({ urn, type, name }) => ({
    urn,
    message: `${type.slice(type.lastIndexOf(":") + 1)} '${name}' is not encrypted with the stack's key.`,
  }));
}

type Encryption = Typed<"aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration">;

function encryptionOf(bucket: Subject, stack: readonly Subject[]): Encryption | undefined {
  return ofType(stack, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").find(
    (encryption) => refersTo(encryption, "bucket", bucket, BUCKET_IDENTITY),
  );
}

/** Whether a key is named, or will be: one that the stack makes is unknown before it is made. */
function isNamed(read: () => string | undefined): boolean {
  return isUnknown(read) || isSet(read());
}

/** Whether a key is the customer's own; AWS's keys have aliases of their own. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && !/(?:^|\/)alias\/aws\//.test(value);
}
