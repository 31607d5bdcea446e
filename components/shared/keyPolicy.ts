import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { policyDocument, publishedBy } from "./policies.js";
import type { Place } from "./place.js";

/** Services through which the roles of a stack use the key. */
export type KeyedService = "dynamodb" | "kinesis" | "s3" | "sns" | "sqs" | "states";

/** Actions that reading and writing encrypted data needs. */
const USE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** Actions that administration of a key needs, without the use of the key. */
const ADMINISTER = [
  "kms:CancelKeyDeletion",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/** A user of the key. */
export interface KeyUser {
  /** Id of the statement. */
  readonly sid: string;
  /** ARNs, or ARN patterns, of its roles. */
  readonly roleArns: readonly Input<string>[];
  /** Services with encrypted data that it calls. */
  readonly services: readonly KeyedService[];
}

export interface KeyPolicyArgs {
  readonly place: Place;
  /** First part of the names of the alarms that publish to an encrypted topic. */
  readonly alarmPrefix: string;
  readonly users: readonly KeyUser[];
  /** Names of the log groups that are encrypted with the key. */
  readonly logGroupNames: readonly string[];
  /** Whether people query data in S3, with permissions that the account gives them. */
  readonly isQueried: boolean;
  /** Whether people put records into a stream, with permissions that the account gives them. */
  readonly isFed: boolean;
  /** Whether S3 notifies an encrypted queue of uploads. */
  readonly isWatched: boolean;
  /** Whether people start and watch scans, with permissions that the account gives them. */
  readonly isScanned: boolean;
  /** Statements of single capabilities. */
  readonly more: readonly iam.PolicyStatement[];
}

/**
 * The policy of the key of a stack's data. The account administers the key. The roles, log groups, table, topics and
 * alarms of the stack use it, and nobody else.
 *
 * The roles get the right to use the key from this policy alone, from the creation of the key to its end: before
 * anything is encrypted with it, and also after the stack has left it, as long as it still encrypts stored objects.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
 */
export function keyPolicy(args: KeyPolicyArgs): iam.PolicyDocument {
  const { place, alarmPrefix, users, logGroupNames, isQueried, isFed, isWatched, isScanned, more } = args;
  const account = { AWS: interpolate`arn:${place.partition}:iam::${place.account}:root` };
  // In the policy of a key, `*` means the key itself.
  const key = { Effect: "Allow", Resource: "*" } as const;
  const throughDynamoDb = { "kms:CallerAccount": place.account, "kms:ViaService": hosts(place, "dynamodb") };
  return policyDocument(
    { Sid: "Administer", ...key, Principal: account, Action: ADMINISTER },
    ...users.map(({ sid, roleArns, services }) => ({
      Sid: sid,
      ...key,
      // Everybody with these ARNs: the roles can only be created when the key exists, so no role can be the principal.
      Principal: { AWS: "*" },
      Action: USE,
      Condition: {
        StringEquals: { "kms:CallerAccount": place.account, "kms:ViaService": hosts(place, ...services) },
        ArnLike: { "aws:PrincipalArn": [...roleArns] },
      },
    })),
    ...(isQueried ? [usedByPeople("Query", ["kms:Decrypt", "kms:GenerateDataKey"], "s3", place)] : []),
    ...(isFed ? [usedByPeople("PutRecords", ["kms:GenerateDataKey"], "kinesis", place)] : []),
    ...(isScanned ? [usedByPeople("RunScans", ["kms:Decrypt", "kms:GenerateDataKey"], "states", place)] : []),
    // Whoever creates or changes the table uses the key on its behalf, and creates the grants with which DynamoDB works.
    {
      Sid: "KeepTable",
      ...key,
      Principal: account,
      Action: USE,
      Condition: { StringEquals: throughDynamoDb },
    },
    {
      Sid: "GrantToTable",
      ...key,
      Principal: account,
      Action: "kms:CreateGrant",
      Condition: { StringEquals: throughDynamoDb, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    {
      Sid: "KeepLogs",
      ...key,
      Principal: { Service: interpolate`logs.${place.region}.${place.dnsSuffix}` },
      Action: USE,
      Condition: {
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": logGroupNames.map(
            (name) => interpolate`arn:${place.partition}:logs:${place.region}:${place.account}:log-group:${name}`,
          ),
        },
      },
    },
    {
      Sid: "PublishAlarms",
      ...key,
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: publishedBy(alarmPrefix, place),
    },
    {
      Sid: "DeliverNotifications",
      ...key,
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: { StringEquals: { "aws:SourceAccount": place.account } },
    },
    ...(isWatched ? [uploads(place)] : []),
    ...more,
  );
}

/**
 * Lets S3 use the key for the notifications of this account's buckets.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
function uploads(place: Place): iam.PolicyStatement {
  return {
    Sid: "DeliverUploads",
    Effect: "Allow",
    Resource: "*",
    Principal: { Service: "s3.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Condition: { StringEquals: { "aws:SourceAccount": place.account } },
  };
}

/**
 * Lets those use the key through a service to whom a policy of the account allows it: Athena reads data and writes results
 * with the permissions of the person who asks, Kinesis encrypts a record with those of its producer, and Step Functions the
 * input of an execution with those of whoever starts it.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
function usedByPeople(sid: string, actions: string[], service: KeyedService, place: Place): iam.PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Resource: "*",
    Principal: { AWS: interpolate`arn:${place.partition}:iam::${place.account}:root` },
    Action: actions,
    Condition: { StringEquals: { "kms:CallerAccount": place.account, "kms:ViaService": hosts(place, service) } },
  };
}

function hosts({ region, dnsSuffix }: Place, ...services: readonly KeyedService[]): Input<string>[] {
  return services.map((service) => interpolate`${service}.${region}.${dnsSuffix}`);
}
