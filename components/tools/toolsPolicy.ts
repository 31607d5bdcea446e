import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { allow, logWriting, policyDocument } from "../shared/policies.js";

/** The permissions of the tools' function: keep jobs in the ledger, store requests, start them, and read their results. */
export function toolsPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly endpointArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  const { bucketArn, endpointArn, tableArn, logGroupArn } = args;
  const read = [PREFIXES.input, PREFIXES.output, PREFIXES.failure];
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
    allow({
      sid: "StartJobs",
      actions: ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpointAsync"],
      resources: [endpointArn],
    }),
    allow({
      sid: "KeepJobs",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [tableArn],
    }),
    allow({ sid: "FindJobs", actions: ["dynamodb:Query"], resources: [interpolate`${tableArn}/index/*`] }),
    // Traces have no ARN: the actions cannot be limited to a resource.
    allow({ sid: "Trace", actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources: ["*"] }),
    logWriting(logGroupArn),
  );
}
