import { BUCKET_IDENTITY } from "./buckets.js";
import { statementsOf, type Statement } from "../documents.js";
import { isUnknown, refersTo } from "../references.js";
import { ofType, resourceRule, stackRule, unless, type Subject, type Typed, type Violation } from "../rule.js";

/** Every bucket configures its encryption, whatever the default of the account. */
export const bucketsAreEncrypted = stackRule(
  {
    name: "buckets-are-encrypted",
    description: "Every bucket has a server-side encryption configuration of its own",
    severity: "high",
    fix: "Add a BucketServerSideEncryptionConfiguration beside the bucket.",
  },
  (stack) =>
    ofType(stack, "aws:s3/bucket:Bucket")
      .filter((bucket) => encryptionOf(bucket, stack) === undefined)
      .map((bucket) => ({ urn: bucket.urn, message: `Bucket '${bucket.name}' has no encryption configuration.` })),
);

/** No queue stores messages in plain text. */
export const queuesAreEncrypted = resourceRule(
  {
    name: "queues-are-encrypted",
    description: "Every queue encrypts its messages, with the key of SQS or of the stack",
    severity: "high",
    fix: "Set sqsManagedSseEnabled, or kmsMasterKeyId.",
  },
  {
    "aws:sqs/queue:Queue": ({ sqsManagedSseEnabled, kmsMasterKeyId }) =>
      unless(sqsManagedSseEnabled === true || isSet(kmsMasterKeyId), "The queue's messages are not encrypted."),
  },
);

/** No stream stores records in plain text. */
export const streamsAreEncrypted = resourceRule(
  {
    name: "streams-are-encrypted",
    description: "Every Kinesis stream encrypts its records, with the key of Kinesis or of the stack",
    severity: "high",
    fix: "Set encryptionType to KMS, and kmsKeyId.",
  },
  {
    "aws:kinesis/stream:Stream": ({ encryptionType, kmsKeyId }) =>
      unless(encryptionType === "KMS" && kmsKeyId !== undefined, "The stream's records are not encrypted."),
  },
);

/** A stack with a customer key uses it for all data at rest. */
export const oneKeyForAll = stackRule(
  {
    name: "one-key-for-all",
    description:
      "If the stack has a KMS key, every bucket, table, topic, queue, stream, state machine, log group, the async output and the results of queries use one; " +
      "except a bucket of access logs, which S3 delivers only with its own key",
    severity: "high",
    fix: "Pass the stack's key to the store.",
  },
  (stack) => {
    if (!stack.some(({ type }) => type === "aws:kms/key:Key")) return [];
    return [...buckets(stack), ...otherStores(stack)];
  },
);

/** Keys rotate automatically. */
export const keysRotate = resourceRule(
  {
    name: "keys-rotate",
    description: "Every KMS key rotates automatically and cannot be deleted within a week",
    severity: "medium",
    fix: "Set enableKeyRotation, and leave deletionWindowInDays out or at 7 and more.",
  },
  {
    "aws:kms/key:Key": ({ enableKeyRotation, deletionWindowInDays }) => [
      ...unless(enableKeyRotation === true, "The key does not rotate."),
      ...unless((deletionWindowInDays ?? 30) >= 7, `The key is deleted after ${String(deletionWindowInDays)} days.`),
    ],
  },
);

/**
 * Nobody delegates the use of a key, except to a service of AWS that acts for them.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
 */
export const grantsAreForServices = resourceRule(
  {
    name: "grants-are-for-services",
    description: "Whoever may create a grant on a KMS key may do so only for a service of AWS",
    severity: "high",
    fix: 'Add the condition {"Bool": {"kms:GrantIsForAWSResource": "true"}}.',
  },
  {
    "aws:iam/policy:Policy": ({ policy }) => statementsOf(policy).flatMap(grantsToAnybody),
    "aws:iam/rolePolicy:RolePolicy": ({ policy }) => statementsOf(policy).flatMap(grantsToAnybody),
    "aws:kms/key:Key": ({ policy }) => (policy === undefined ? [] : statementsOf(policy).flatMap(grantsToAnybody)),
  },
);

function grantsToAnybody({ label, allows, actions, conditions }: Statement): readonly string[] {
  const creates = actions.some((action) => /^kms:(?:CreateGrant|Create\*|\*)$/i.test(action) || action === "*");
  const forService = conditions.some(
    ({ operator, key, values }) =>
      operator === "Bool" && key === "kms:grantisforawsresource" && values.every((value) => value === "true"),
  );
  return unless(
    !allows || !creates || forService,
    `Statement ${label} allows kms:CreateGrant for anybody: limit it to services of AWS.`,
  );
}

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
    ...ofType(stack, "aws:athena/workgroup:Workgroup").filter(
      ({ props }) => !isNamed(() => props.configuration?.resultConfiguration?.encryptionConfiguration?.kmsKeyArn),
    ),
    ...ofType(stack, "aws:cloudwatch/logGroup:LogGroup").filter(({ props }) => !isNamed(() => props.kmsKeyId)),
    ...ofType(stack, "aws:dynamodb/table:Table").filter(
      ({ props }) => !isNamed(() => props.serverSideEncryption?.kmsKeyArn),
    ),
    ...ofType(stack, "aws:kinesis/stream:Stream").filter(({ props }) => !isNamed(() => props.kmsKeyId)),
    ...ofType(stack, "aws:sagemaker/endpointConfiguration:EndpointConfiguration").filter(
      ({ props }) => !isNamed(() => props.asyncInferenceConfig?.outputConfig.kmsKeyId),
    ),
    ...ofType(stack, "aws:sfn/stateMachine:StateMachine").filter(
      ({ props }) => !isNamed(() => props.encryptionConfiguration?.kmsKeyId),
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

/** Whether a key is set, or will be: a key of the stack is unknown before it is created. */
function isNamed(read: () => string | undefined): boolean {
  return isUnknown(read) || isSet(read());
}

/** Whether a key is a customer key; the keys of AWS have an alias below `aws/`. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && !/(?:^|\/)alias\/aws\//.test(value);
}
