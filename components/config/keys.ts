import { boolean, integer, list, oneOf, slug, text, type Key } from "./kinds.js";
import { ecrImage } from "../shared/ecrImage.js";
import { GPU_INSTANCE_TYPES, gpuInstance, refusal } from "../shared/gpuInstances.js";
import { nearest } from "../../contract/nearest.js";

/**
 * Retention periods that CloudWatch Logs offers, in days.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Keys of the project's namespace, in the order of Pulumi.yaml. */
export const CONFIG_KEYS = {
  projectName: text(/^(?!aws|ssm|xn--|sthree-|amzn-s3-demo-)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {
    allowed:
      "lower-case letters, digits and single hyphens, beginning with a letter, but not with aws or ssm " +
      "(Systems Manager's), xn--, sthree- or amzn-s3-demo- (S3's)",
    suggestion: (value) => slug(value, "protein-agent"),
  }),
  instanceType: {
    allowed: "a GPU instance type such as ml.g6.2xlarge",
    read: (value) => (gpuInstance(value) ? value : undefined),
    reason: refusal,
    suggestion: (value) => nearest(value, GPU_INSTANCE_TYPES) ?? "ml.g6.2xlarge",
  },
  modelId: text(/^[\w.-]{1,127}\/[\w.-]{1,128}$/, {
    allowed: "1 to 256 characters naming a model on the Hugging Face hub as owner/name",
    suggestion: () => "chandar-lab/AMPLIFY_350M",
  }),
  modelRevision: text(/^[\w./-]{1,256}$/, {
    allowed: "1 to 256 characters naming a branch, tag or commit",
    suggestion: () => "main",
  }),
  imageUri: {
    allowed: "empty, or an ECR image with a tag or digest, as SageMaker pulls from no other registry",
    read: (value) => (value === "" || ecrImage(value) ? value : undefined),
    suggestion: () => "123456789012.dkr.ecr.us-east-1.amazonaws.com/repository:tag",
  },
  bucketName: {
    allowed: "empty, or 3 to 63 lower-case letters, digits, hyphens and dots, by S3's naming rules",
    read: (value) => (value === "" || isBucketName(value) ? value : undefined),
    suggestion: (value) => slug(value, "protein-agent-data"),
  },
  minCapacity: integer(0, 20, 1),
  maxCapacity: integer(1, 20, 2),
  maxConcurrentInvocations: integer(1, 1000, 4),
  enableAutoscaling: boolean(true),
  backlogPerInstance: integer(1, 1000, 5),
  logRetentionDays: {
    allowed: `one of ${RETENTION_DAYS.join(", ")}`,
    read: (value) => RETENTION_DAYS.find((days) => String(days) === value),
    suggestion: (value) => String(RETENTION_DAYS.find((days) => days >= Number(value)) ?? 30),
  },
  alarmEmail: text(/^$|^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/, {
    allowed: "empty, or one e-mail address",
    suggestion: () => "name@example.org",
  }),
  encryption: oneOf("sse-s3", "kms"),
  network: oneOf("none", "isolated"),
  availabilityZones: list(
    /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/,
    "names of zones such as us-east-1a",
    "us-east-1a,us-east-1b",
  ),
  vpcId: text(/^$|^vpc-[0-9a-f]{8,17}$/, {
    allowed: "empty, or the id of a VPC",
    suggestion: () => "vpc-0123456789abcdef0",
  }),
  subnetIds: list(/^subnet-[0-9a-f]{8,17}$/, "ids of subnets", "subnet-0123456789abcdef0"),
  securityGroupIds: list(/^sg-[0-9a-f]{8,17}$/, "ids of security groups", "sg-0123456789abcdef0"),
  retainData: boolean(true),
  jobRetentionDays: integer(1, 3650, 365),
  lambdaMemoryMb: integer(128, 10_240, 512),
  lambdaTimeoutSeconds: integer(3, 900, 30),
  lambdaReservedConcurrency: {
    allowed: "-1 (none reserved), or an integer from 1 to 10000",
    read: (value) => (value === "-1" ? -1 : integer(1, 10_000, -1).read(value)),
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
} as const satisfies Readonly<Record<string, Key<string> | Key<number> | Key<boolean> | Key<readonly string[]>>>;

export type ConfigKey = keyof typeof CONFIG_KEYS;

/** The configuration of a stack, every value checked. */
export type StackSettings = {
  readonly [Name in ConfigKey]: (typeof CONFIG_KEYS)[Name] extends Key<infer Value> ? Value : never;
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|^\d{1,3}(\.\d{1,3}){3}$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(
      name,
    )
  );
}
