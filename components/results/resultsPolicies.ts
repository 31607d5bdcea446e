import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { RESULT_TABLE_NAMES } from "../../contract/resultStore.js";
import { PREFIXES } from "../../contract/storage.js";
import { allow, policyDocument, running } from "../shared/policies.js";
import { newFilesPattern } from "./glueTables.js";

interface PolicyArgs {
  readonly bucketArn: Input<string>;
  readonly logGroupArn: Input<string>;
}

interface StorePolicyArgs extends PolicyArgs {
  readonly streamArn: Input<string>;
  /** ARN of the ledger, where the jobs of shards are read; undefined without `scan`. */
  readonly tableArn: Input<string> | undefined;
}

/** The permissions of the function that stores ended jobs: read the ledger's stream and results, write new files. */
export function storePolicy(args: StorePolicyArgs): iam.PolicyDocument {
  const { bucketArn, streamArn, tableArn, logGroupArn } = args;
  return policyDocument(
    allow({
      sid: "ReadEndedJobs",
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
      resources: [streamArn],
    }),
    ...(tableArn === undefined
      ? []
      : [allow({ sid: "ReadJobsOfShards", actions: ["dynamodb:GetItem"], resources: [tableArn] })]),
    allow({
      sid: "ReadResults",
      actions: ["s3:GetObject"],
      resources: [interpolate`${bucketArn}/${PREFIXES.output}*`],
    }),
    // Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for a result that was deleted.
    listing(bucketArn, [`${PREFIXES.output}*`]),
    allow({
      sid: "WriteNewFiles",
      actions: ["s3:PutObject"],
      resources: RESULT_TABLE_NAMES.map((table) => newFilesPattern(bucketArn, table)),
    }),
    ...running(logGroupArn),
  );
}

/** The permissions of the function that merges files: read all files of the store, write merged ones, delete new ones. */
export function mergePolicy({ bucketArn, logGroupArn }: PolicyArgs): iam.PolicyDocument {
  return policyDocument(
    listing(
      bucketArn,
      RESULT_TABLE_NAMES.map((table) => `${table}/*`),
    ),
    allow({
      sid: "ReadFiles",
      actions: ["s3:GetObject"],
      resources: RESULT_TABLE_NAMES.map((table) => interpolate`${bucketArn}/${table}/*`),
    }),
    allow({
      sid: "WriteMergedFiles",
      actions: ["s3:PutObject"],
      resources: RESULT_TABLE_NAMES.map((table) => interpolate`${bucketArn}/${table}/stage=merged/*`),
    }),
    allow({
      sid: "DeleteNewFiles",
      actions: ["s3:DeleteObject"],
      resources: RESULT_TABLE_NAMES.map((table) => newFilesPattern(bucketArn, table)),
    }),
    ...running(logGroupArn),
  );
}

function listing(bucketArn: Input<string>, prefixes: string[]): iam.PolicyStatement {
  return allow({
    sid: "FindFiles",
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    conditions: { StringLike: { "s3:prefix": prefixes } },
  });
}
