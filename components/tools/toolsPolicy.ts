import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { SUBMITTED_PREFIX } from "../../contract/fastaDrop.js";
import { PREFIXES } from "../../contract/storage.js";
import type { CallableModels } from "../shared/modelVersions.js";
import { allow, policyDocument, running, submitting } from "../shared/policies.js";

/** The permissions of the tools' function: keep jobs in the ledger, store requests, start them, and read their results. */
export function toolsPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly endpointArn: Input<string>;
  /** The versions beside `base`; undefined on a stack with one version. */
  readonly models?: CallableModels | undefined;
  readonly tableArn: Input<string>;
  readonly logGroupArn: Input<string>;
  /** ARN of the queue of FASTA uploads; undefined without `fastaDrop`. */
  readonly fastaQueueArn: Input<string> | undefined;
}): iam.PolicyDocument {
  const { bucketArn, endpointArn, tableArn, logGroupArn, fastaQueueArn } = args;
  const read: string[] = [PREFIXES.input, PREFIXES.output, PREFIXES.failure];
  if (fastaQueueArn !== undefined) read.push(PREFIXES.uploads);
  return policyDocument(
    allow({
      sid: "StoreRequests",
      actions: ["s3:PutObject"],
      resources: [interpolate`${bucketArn}/${PREFIXES.input}*`],
    }),
    allow({
      sid: "ReadResults",
      actions: ["s3:GetObject"],
      resources: read.map((prefix) => interpolate`${bucketArn}/${prefix}*`),
    }),
    // Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for a result that does not exist yet.
    allow({
      sid: "FindResults",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": read.map((prefix) => `${prefix}*`) } },
    }),
    ...submitting({ endpointArn, tableArn, models: args.models }),
    ...(fastaQueueArn === undefined ? [] : submitFiles(bucketArn, fastaQueueArn)),
    ...running(logGroupArn),
  );
}

/** Upload the FASTA files of callers that cannot, and ask for others to be read. */
function submitFiles(bucketArn: Input<string>, queueArn: Input<string>): iam.PolicyStatement[] {
  return [
    allow({
      sid: "UploadFiles",
      actions: ["s3:PutObject"],
      resources: [interpolate`${bucketArn}/${SUBMITTED_PREFIX}*.fasta`],
    }),
    allow({ sid: "AskForFiles", actions: ["sqs:SendMessage"], resources: [queueArn] }),
  ];
}
