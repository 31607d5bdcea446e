import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { allow, policyDocument } from "./policies.js";
import type { Place } from "./place.js";

/** Services through which the roles of a stack use the key. */
export type KeyedService = "dynamodb" | "s3" | "sns";

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

export interface KeyPolicyArgs {
  readonly place: Place;
  /** ARN patterns of the roles that use the key through the services with encrypted data. */
  readonly roleArns: readonly Input<string>[];
  /** Names of the log groups that are encrypted with the key. */
  readonly logGroupNames: readonly string[];
}

/**
 * The policy of the key of a stack's data. The account administers the key. The roles, log groups, table and alarms of
 * the stack use it, and nobody else.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function keyPolicy({ place, roleArns, logGroupNames }: KeyPolicyArgs): iam.PolicyDocument {
  const account = { AWS: interpolate`arn:${place.partition}:iam::${place.account}:root` };
  // In the policy of a key, `*` means the key itself.
  const key = { Effect: "Allow", Resource: "*" } as const;
  return policyDocument(
    { Sid: "Administer", ...key, Principal: account, Action: ADMINISTER },
    {
      Sid: "UseByRoles",
      ...key,
      Principal: account,
      Action: USE,
      Condition: {
        StringEquals: { "kms:CallerAccount": place.account, "kms:ViaService": hosts(place, "dynamodb", "s3", "sns") },
        // By name pattern, because the roles can only be created when the key exists.
        ArnLike: { "aws:PrincipalArn": [...roleArns] },
      },
    },
    {
      // DynamoDB works with grants. Whoever creates or changes the table creates them on its behalf.
      Sid: "KeepTable",
      ...key,
      Principal: account,
      Action: [...USE, "kms:CreateGrant"],
      Condition: {
        StringEquals: { "kms:CallerAccount": place.account, "kms:ViaService": hosts(place, "dynamodb") },
      },
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
      Condition: { StringEquals: { "aws:SourceAccount": place.account } },
    },
  );
}

/**
 * Allows a role to use the key, only through the given services.
 *
 * @param keyArn undefined if there is no customer key
 * @returns no statement if there is no customer key
 */
export function keyUse(
  keyArn: Input<string> | undefined,
  place: Place,
  ...services: readonly KeyedService[]
): iam.PolicyStatement[] {
  if (keyArn === undefined) return [];
  return [
    allow({
      sid: "UseKey",
      actions: USE,
      resources: [keyArn],
      conditions: { StringEquals: { "kms:ViaService": hosts(place, ...services) } },
    }),
  ];
}

function hosts({ region, dnsSuffix }: Place, ...services: readonly KeyedService[]): Input<string>[] {
  return services.map((service) => interpolate`${service}.${region}.${dnsSuffix}`);
}
