import {
  bucketsAreEncrypted,
  grantsAreForServices,
  keysRotate,
  oneKeyForAll,
  queuesAreEncrypted,
  streamsAreEncrypted,
} from "../../policy/rules/encryption.js";
import { describeRule, resource, withUnknown } from "./support/cases.js";

const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1a2b";
const key = resource("aws:kms/key:Key", { enableKeyRotation: true });
const bucket = resource("aws:s3/bucket:Bucket", { bucket: "data" }, { name: "data" });

const sse = (applyServerSideEncryptionByDefault: { sseAlgorithm: string; kmsMasterKeyId?: string }) =>
  resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    bucket: "data",
    rules: [{ applyServerSideEncryptionByDefault }],
  });
const withKey = sse({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN });
const logging = resource("aws:s3/bucketLogging:BucketLogging", { bucket: "other", targetBucket: "data" });

describeRule(bucketsAreEncrypted, {
  holds: [{ what: "a bucket with SSE-S3", stack: [bucket, sse({ sseAlgorithm: "AES256" })] }],
  broken: [
    { what: "a bucket that leaves it to the account", stack: [bucket], says: /'data' has no encryption configuration/ },
  ],
});

describeRule(streamsAreEncrypted, {
  holds: [
    {
      what: "Kinesis's own key",
      stack: [resource("aws:kinesis/stream:Stream", { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" })],
    },
  ],
  broken: [
    { what: "no key", stack: [resource("aws:kinesis/stream:Stream", {})], says: /not encrypted/ },
    {
      what: "a key that is not used",
      stack: [resource("aws:kinesis/stream:Stream", { encryptionType: "NONE", kmsKeyId: KEY_ARN })],
      says: /not encrypted/,
    },
  ],
});

describeRule(queuesAreEncrypted, {
  holds: [
    { what: "SQS's own key", stack: [resource("aws:sqs/queue:Queue", { sqsManagedSseEnabled: true })] },
    { what: "a customer's key", stack: [resource("aws:sqs/queue:Queue", { kmsMasterKeyId: KEY_ARN })] },
  ],
  broken: [
    { what: "no key", stack: [resource("aws:sqs/queue:Queue", {})], says: /not encrypted/ },
    {
      what: "SQS's key turned off",
      stack: [resource("aws:sqs/queue:Queue", { sqsManagedSseEnabled: false })],
      says: /not encrypted/,
    },
  ],
});

const workgroup = (encryptionConfiguration: { encryptionOption: string; kmsKeyArn?: string }) =>
  resource("aws:athena/workgroup:Workgroup", { configuration: { resultConfiguration: { encryptionConfiguration } } });

const output = (outputConfig: { s3OutputPath: string; kmsKeyId?: string }) =>
  resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", { asyncInferenceConfig: { outputConfig } });

describeRule(oneKeyForAll, {
  holds: [
    {
      what: "a stack without a key",
      stack: [bucket, sse({ sseAlgorithm: "AES256" }), resource("aws:sns/topic:Topic", {})],
    },
    {
      what: "stores that all name a key",
      stack: [
        key,
        bucket,
        withKey,
        resource("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: KEY_ARN }),
        resource("aws:dynamodb/table:Table", { serverSideEncryption: { enabled: true, kmsKeyArn: KEY_ARN } }),
        resource("aws:sns/topic:Topic", { kmsMasterKeyId: KEY_ARN }),
        resource("aws:sqs/queue:Queue", { kmsMasterKeyId: KEY_ARN }),
        resource("aws:kinesis/stream:Stream", { encryptionType: "KMS", kmsKeyId: KEY_ARN }),
        output({ s3OutputPath: "s3://data/out", kmsKeyId: KEY_ARN }),
        workgroup({ encryptionOption: "SSE_KMS", kmsKeyArn: KEY_ARN }),
      ],
    },
    { what: "a bucket of access logs under S3's key", stack: [key, bucket, sse({ sseAlgorithm: "AES256" }), logging] },
    {
      what: "a key that is not made yet",
      stack: [key, resource("aws:sns/topic:Topic", withUnknown({ kmsMasterKeyId: "" }, "kmsMasterKeyId"))],
    },
  ],
  broken: [
    {
      what: "a bucket under S3's key",
      stack: [key, bucket, sse({ sseAlgorithm: "AES256" })],
      says: /Bucket 'data' is not/,
    },
    {
      what: "a bucket under AWS's key",
      stack: [key, bucket, sse({ sseAlgorithm: "aws:kms" })],
      says: /Bucket 'data' is not/,
    },
    {
      what: "a stream under Kinesis's key",
      stack: [key, resource("aws:kinesis/stream:Stream", { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" })],
      says: /Stream 'resource' is not/,
    },
    {
      what: "a table under DynamoDB's key",
      stack: [key, resource("aws:dynamodb/table:Table", {})],
      says: /Table 'resource' is not/,
    },
    {
      what: "a topic in the clear",
      stack: [key, resource("aws:sns/topic:Topic", {})],
      says: /Topic 'resource' is not/,
    },
    {
      what: "a topic under AWS's key",
      stack: [key, resource("aws:sns/topic:Topic", { kmsMasterKeyId: "alias/aws/sns" })],
      says: /Topic/,
    },
    {
      what: "a queue under SQS's key",
      stack: [key, resource("aws:sqs/queue:Queue", { sqsManagedSseEnabled: true })],
      says: /Queue/,
    },
    {
      what: "a log group in the clear",
      stack: [key, resource("aws:cloudwatch/logGroup:LogGroup", {})],
      says: /LogGroup/,
    },
    {
      what: "results of queries under S3's key",
      stack: [key, workgroup({ encryptionOption: "SSE_S3" })],
      says: /Workgroup/,
    },
    {
      what: "results in the clear",
      stack: [key, output({ s3OutputPath: "s3://data/out" })],
      says: /EndpointConfiguration/,
    },
  ],
});

describeRule(keysRotate, {
  holds: [
    { what: "a key that rotates", stack: [key] },
    {
      what: "a window of a week",
      stack: [resource("aws:kms/key:Key", { enableKeyRotation: true, deletionWindowInDays: 7 })],
    },
  ],
  broken: [
    { what: "a key that stays", stack: [resource("aws:kms/key:Key", {})], says: /does not rotate/ },
    {
      what: "a key that goes at once",
      stack: [resource("aws:kms/key:Key", { enableKeyRotation: true, deletionWindowInDays: 1 })],
      says: /deleted after 1 days/,
    },
  ],
});

const granting = (type: "aws:kms/key:Key" | "aws:iam/rolePolicy:RolePolicy", statement: object) =>
  resource(type, {
    policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "kms:CreateGrant", Resource: "*", ...statement } }),
  });
const forService = { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } };

describeRule(grantsAreForServices, {
  holds: [
    { what: "a key with grants for services", stack: [granting("aws:kms/key:Key", forService)] },
    { what: "a role with grants for services", stack: [granting("aws:iam/rolePolicy:RolePolicy", forService)] },
    { what: "a key without a policy", stack: [key] },
    { what: "the use of a key", stack: [granting("aws:kms/key:Key", { Action: ["kms:Decrypt"] })] },
    { what: "a denial", stack: [granting("aws:kms/key:Key", { Effect: "Deny" })] },
  ],
  broken: [
    { what: "grants for anybody", stack: [granting("aws:kms/key:Key", {})], says: /kms:CreateGrant for anybody/ },
    {
      what: "every action of the key",
      stack: [granting("aws:iam/rolePolicy:RolePolicy", { Action: "kms:*" })],
      says: /kms:CreateGrant for anybody/,
    },
    {
      what: "a condition that is not required",
      stack: [granting("aws:kms/key:Key", { Condition: { BoolIfExists: { "kms:GrantIsForAWSResource": "true" } } })],
      says: /kms:CreateGrant for anybody/,
    },
    {
      what: "grants that are not for services",
      stack: [granting("aws:kms/key:Key", { Condition: { Bool: { "kms:GrantIsForAWSResource": "false" } } })],
      says: /kms:CreateGrant for anybody/,
    },
  ],
});
