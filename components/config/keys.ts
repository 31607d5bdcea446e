import * as z from "zod";
import { MAX_INVOCATION_SECONDS } from "../../contract/limits.js";
import { nearest } from "../../contract/nearest.js";
import { GPU_INSTANCE_TYPES, gpuInstance, refusal } from "../shared/gpuInstances.js";
import { isImageReference } from "../shared/imageReference.js";
import { isBucketName, s3Folder } from "../shared/s3Location.js";
import { EVIDENCE_KEYS } from "./evidenceKeys.js";
import { SOURCE_KEYS } from "./sourceKeys.js";
import { MODEL_KEYS } from "./modelKeys.js";
import { SCALING_KEYS } from "./scalingKeys.js";
import { isTimeZone } from "../shared/workHours.js";
import { COST_KEYS } from "./costKeys.js";
import { boolean, integer, list, oneOf, slug, text, type Key } from "./schemas.js";

/**
 * Retention periods that CloudWatch Logs offers, in days.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The configuration keys of the project, in the order of Pulumi.yaml. */
export const CONFIG_KEYS = {
  projectName: text(/^(?!aws|ssm|xn--|sthree-|amzn-s3-demo-)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {
    allowed:
      "lower-case letters, digits and single hyphens, beginning with a letter, but not with aws or ssm " +
      "(reserved by Systems Manager), xn--, sthree- or amzn-s3-demo- (reserved by S3)",
    suggestion: (value) => slug(value, "protein-agent"),
  }),
  instanceType: {
    schema: z.string().refine((value) => gpuInstance(value) !== undefined),
    allowed: "a GPU instance type such as ml.g6.2xlarge",
    reason: refusal,
    suggestion: (value) => nearest(value, GPU_INSTANCE_TYPES) ?? "ml.g6.2xlarge",
  },
  modelId: text(/^[\w.-]{1,127}\/[\w.-]{1,128}$/, {
    allowed: "1 to 256 characters that name a model on the Hugging Face hub as owner/name",
    suggestion: () => "chandar-lab/AMPLIFY_350M",
  }),
  modelRevision: text(/^[\w./-]{1,256}$/, {
    allowed: "1 to 256 characters that name a branch, tag or commit",
    suggestion: () => "main",
  }),
  modelDataUrl: {
    schema: z.string().refine((value) => value === "" || s3Folder(value) !== undefined),
    allowed: "empty, or a folder in S3 as s3://bucket/folder/, whose name has letters, digits and . _ - = @ + only",
    suggestion: (value) => (s3Folder(`${value}/`) ? `${value}/` : "s3://my-weights/amplify/1/"),
  },
  imageUri: {
    schema: z.string().refine((value) => value === "" || isImageReference(value)),
    allowed: "empty, or an image of any registry with its digest (name@sha256:...) or its tag (name:tag)",
    reason: () => "a digest is better: nobody notices when a tag moves to another image",
    suggestion: () => `ghcr.io/owner/amplify-vep@sha256:${"0123456789abcdef".repeat(4)}`,
  },
  registryUsername: text(/^[\w$@.+:|/-]{0,256}$/, {
    allowed: "empty, or the user name at the registry of imageUri, at most 256 characters",
    suggestion: () => "NAME",
  }),
  registryPassword: {
    schema: z.string().refine((value) => value === value.trim()),
    allowed: "empty, or a password or token of the registry of imageUri, without white space around it",
    suggestion: () => "TOKEN",
    secret: true,
  },
  imageBuild: oneOf("local", "codebuild"),
  ...MODEL_KEYS,
  bucketName: {
    schema: z.string().refine((value) => value === "" || isBucketName(value)),
    allowed: "empty, or 3 to 63 lower-case letters, digits, hyphens and dots that follow the naming rules of S3",
    suggestion: (value) => slug(value, "protein-agent-data"),
  },
  minCapacity: integer(0, 20, 1),
  maxCapacity: integer(1, 20, 2),
  maxConcurrentInvocations: integer(1, 1000, 4),
  maxInvocationSeconds: integer(60, MAX_INVOCATION_SECONDS, MAX_INVOCATION_SECONDS),
  maxAttempts: integer(1, 100, 5),
  enableAutoscaling: boolean(true),
  backlogPerInstance: integer(1, 1000, 5),
  ...SCALING_KEYS,
  logRetentionDays: {
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.literal(RETENTION_DAYS)),
    allowed: `one of ${RETENTION_DAYS.join(", ")}`,
    suggestion: (value) => String(RETENTION_DAYS.find((days) => days >= Number(value)) ?? 30),
  },
  alarmEmail: text(/^$|^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/, {
    allowed: "empty, or one e-mail address",
    suggestion: () => "name@example.org",
  }),
  encryption: oneOf("sse-s3", "kms"),
  network: oneOf("none", "isolated"),
  availabilityZones: list(/^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/, {
    items: "names of zones such as us-east-1a",
    suggestion: "us-east-1a,us-east-1b",
  }),
  vpcId: text(/^$|^vpc-[0-9a-f]{8,17}$/, {
    allowed: "empty, or the id of a VPC",
    suggestion: () => "vpc-0123456789abcdef0",
  }),
  subnetIds: list(/^subnet-[0-9a-f]{8,17}$/, { items: "ids of subnets", suggestion: "subnet-0123456789abcdef0" }),
  securityGroupIds: list(/^sg-[0-9a-f]{8,17}$/, {
    items: "ids of security groups",
    suggestion: "sg-0123456789abcdef0",
  }),
  flowLogs: boolean(false),
  retainData: boolean(true),
  jobRetentionDays: integer(1, 3650, 365),
  resultsCatalog: boolean(false),
  stream: boolean(false),
  fastaDrop: boolean(false),
  scan: boolean(false),
  scanSchedule: text(
    /^$|^rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9]\d+) (?:minute|hour|day)s)\)$|^cron\((?:[\w*?,/#-]+ ){5}[\w*?,/#-]+\)$/,
    {
      allowed: "empty, or an expression of EventBridge Scheduler such as rate(1 day) or cron(0 3 ? * SUN *)",
      suggestion: () => "rate(1 day)",
    },
  ),
  scanTimeZone: {
    schema: z.string().refine(isTimeZone),
    allowed: "the name of a time zone such as UTC or Europe/Berlin",
    suggestion: () => "UTC",
  },
  scanInput: text(/^$|^uploads\/[\w!.*'()/-]{1,1000}$/, {
    allowed: "empty, or the key of a FASTA file below uploads/, of letters, digits and ! - _ . * ' ( ) /",
    suggestion: () => "uploads/proteome.fasta",
  }),
  api: boolean(false),
  apiAuth: oneOf("iam", "cognito"),
  apiCache: boolean(false),
  apiOrigins: list(/^https?:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?$/, {
    items: "origins such as https://lab.example.org, without a path",
    suggestion: "https://lab.example.org",
  }),
  apiKeys: list(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, {
    items: "names of 1 to 32 lower-case letters, digits and hyphens",
    suggestion: "lab-a,lab-b",
  }),
  apiDailyQuota: integer(1, 100_000_000, 10_000),
  agentGateway: boolean(false),
  agentGatewayIssuer: text(/^$|^https:\/\/[^\s"'\\]{1,1900}\/\.well-known\/openid-configuration$/, {
    allowed: "empty, or the discovery URL of an issuer of tokens, which ends with /.well-known/openid-configuration",
    suggestion: (value) =>
      `https://${/^(?:https?:\/\/)?([\w.-]+\.[a-z]{2,})/.exec(value)?.[1] ?? "issuer.example.org"}/.well-known/openid-configuration`,
  }),
  agentGatewayClients: list(/^[\w.:@/-]{1,256}$/, { items: "ids of clients of the issuer", suggestion: "client-a" }),
  agentGatewayAudiences: list(/^[\w.:@/-]{1,256}$/, { items: "audiences of tokens", suggestion: "vep" }),
  ...EVIDENCE_KEYS,
  ...SOURCE_KEYS,
  ...COST_KEYS,
  publishLegacyParameters: boolean(false),
  lambdaMemoryMb: integer(128, 10_240, 512),
  lambdaTimeoutSeconds: integer(3, 900, 30),
  lambdaReservedConcurrency: {
    schema: integer(-1, 10_000, -1).schema.refine((value) => value !== 0),
    allowed: "-1 (nothing is reserved), or an integer from 1 to 10000",
    suggestion: () => "-1",
  },
  iamPermissionsBoundary: text(/^$|^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/, {
    allowed: "empty, or the ARN of an IAM policy",
    suggestion: () => "arn:aws:iam::123456789012:policy/boundary",
  }),
  iamPath: text(/^\/(?:[!-.0-~]+\/)*$/, {
    allowed: "/, or a path that begins and ends with /",
    suggestion: (value) => `/${slug(value, "service")}/`,
  }),
  executionRoleArn: existingRole("amplify-vep-endpoint"),
  functionRoleArn: existingRole("amplify-vep-tools"),
} as const satisfies Readonly<Record<string, Key>>;

export type ConfigKey = keyof typeof CONFIG_KEYS;

/** The configuration of a stack, every value checked. */
export type StackSettings = {
  readonly [Name in ConfigKey]: z.infer<(typeof CONFIG_KEYS)[Name]["schema"]>;
};

/**
 * The ARN of an existing role. Of the characters that IAM allows in a path, those that are wildcards in a policy are
 * refused, because the policy of the key names the role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
function existingRole(example: string): Key<z.ZodType<string, string>> {
  return {
    schema: z.string().regex(/^$|^arn:aws[a-z-]*:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/),
    allowed: "empty, or the ARN of an IAM role",
    reason: (value) => (value.includes(":assumed-role/") ? "this is the ARN of a session: take its role's" : undefined),
    suggestion: () => `arn:aws:iam::123456789012:role/${example}`,
  };
}
