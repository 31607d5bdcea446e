import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { DROP_OUTPUTS } from "../../contract/fastaDrop.js";
import { PREFIXES } from "../../contract/storage.js";
import type { CallableModels } from "../shared/modelVersions.js";
import { allow, policyDocument, running, submitting } from "../shared/policies.js";

/**
 * The permissions of the function for FASTA files: read uploads and results, keep parts, write beside uploads, and submit
 * jobs. It may write no object whose name starts it again.
 */
export function fastaPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly queueArn: Input<string>;
  readonly endpointArn: Input<string>;
  /** The versions beside `base`; undefined on a stack with one version. */
  readonly models?: CallableModels | undefined;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  const { bucketArn, tableArn, queueArn, endpointArn, logGroupArn } = args;
  const below = (...prefixes: string[]): Input<string>[] =>
    prefixes.map((prefix) => interpolate`${bucketArn}/${prefix}*`);
  const read = [PREFIXES.uploads, PREFIXES.drops, PREFIXES.output, PREFIXES.failure];
  return policyDocument(
    allow({
      sid: "WorkOnQueue",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"],
      resources: [queueArn],
    }),
    allow({ sid: "ReadUploadsAndResults", actions: ["s3:GetObject"], resources: below(...read) }),
    allow({
      sid: "KeepPartsAndRequests",
      actions: ["s3:PutObject"],
      resources: below(PREFIXES.drops, PREFIXES.input),
    }),
    allow({
      sid: "WriteBesideUploads",
      actions: ["s3:PutObject"],
      resources: Object.values(DROP_OUTPUTS).map((end) => interpolate`${bucketArn}/${PREFIXES.uploads}*${end}`),
    }),
    // Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for an object that does not exist.
    allow({
      sid: "FindObjects",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": [...read, PREFIXES.input].map((prefix) => `${prefix}*`) } },
    }),
    ...submitting({ endpointArn, tableArn, models: args.models }),
    ...running(logGroupArn),
  );
}
