import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { SCAN_OUTPUTS } from "../../contract/scan.js";
import { PREFIXES } from "../../contract/storage.js";
import { allow, answeringTasks, policyDocument, running, runningMachine, submitting } from "../shared/policies.js";
import type { CallableModels } from "../shared/modelVersions.js";

/**
 * The permissions of the function of scans: read uploads, keep shards, submit jobs, answer tasks whose jobs had all ended,
 * and write beside uploads.
 */
export function scanPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly endpointArn: Input<string>;
  /** The versions beside `base`; undefined on a stack with one version. */
  readonly models?: CallableModels | undefined;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  const { bucketArn, tableArn, endpointArn, logGroupArn } = args;
  const below = (...prefixes: string[]): Input<string>[] =>
    prefixes.map((prefix) => interpolate`${bucketArn}/${prefix}*`);
  const read = [PREFIXES.uploads, PREFIXES.scans, PREFIXES.failure];
  const found = [...read, PREFIXES.input, PREFIXES.output];
  return policyDocument(
    allow({ sid: "ReadUploadsAndShards", actions: ["s3:GetObject"], resources: below(...read) }),
    allow({
      sid: "KeepShardsAndRequests",
      actions: ["s3:PutObject"],
      resources: below(PREFIXES.scans, PREFIXES.input),
    }),
    allow({
      sid: "WriteBesideUploads",
      actions: ["s3:PutObject"],
      resources: Object.values(SCAN_OUTPUTS).map((end) => interpolate`${bucketArn}/${PREFIXES.uploads}*${end}`),
    }),
    // Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for an object that does not exist.
    allow({
      sid: "FindObjects",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": found.map((prefix) => `${prefix}*`) } },
    }),
    answeringTasks(),
    ...submitting({ endpointArn, tableArn, models: args.models }),
    ...running(logGroupArn),
  );
}

/**
 * The permissions of the state machine: call the function, read the list of shards, start and end the executions of its own
 * Distributed Map, and write traces and logs.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function machinePolicy(args: {
  readonly machineArn: Input<string>;
  readonly functionArn: Input<string>;
  readonly bucketArn: Input<string>;
  /** The ARN of executions of the machine without their names. */
  readonly executionsArn: Input<string>;
}): iam.PolicyDocument {
  const { machineArn, functionArn, bucketArn, executionsArn } = args;
  return policyDocument(
    allow({ sid: "CallFunction", actions: ["lambda:InvokeFunction"], resources: [functionArn] }),
    allow({
      sid: "ReadListOfShards",
      actions: ["s3:GetObject"],
      resources: [interpolate`${bucketArn}/${PREFIXES.scans}*`],
    }),
    allow({ sid: "StartShards", actions: ["states:StartExecution"], resources: [machineArn] }),
    allow({
      sid: "EndShards",
      actions: ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"],
      resources: [interpolate`${executionsArn}:*`, interpolate`${executionsArn}/*`],
    }),
    ...runningMachine(),
  );
}
