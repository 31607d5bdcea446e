import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES, STREAM_PREFIXES } from "../../contract/storage.js";
import type { CallableModels } from "../shared/modelVersions.js";
import { allow, policyDocument, running, submitting } from "../shared/policies.js";

interface PolicyArgs {
  readonly account: Input<string>;
  readonly streamArn: Input<string>;
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly endpointArn: Input<string>;
  /** The versions beside `base`; undefined on a stack with one version. */
  readonly models?: CallableModels | undefined;
  readonly logGroupArn: Input<string>;
}

/** The permissions of the function of the stream: read its records, submit them, and store those that it refuses. */
export function submitterPolicy(args: PolicyArgs): iam.PolicyDocument {
  return policyDocument(
    ...reading(args),
    ...storing(args),
    allow({
      sid: "ReadReasons",
      actions: ["s3:GetObject"],
      resources: [interpolate`${args.bucketArn}/${PREFIXES.failure}*`],
    }),
    ...submitting(args),
    ...running(args.logGroupArn),
  );
}

/**
 * Lambda reads the stream with the role of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 */
function reading({ streamArn }: PolicyArgs): iam.PolicyStatement[] {
  return [
    allow({
      sid: "ReadStream",
      actions: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      resources: [streamArn],
    }),
    // Names of streams have no ARN: the action cannot be limited to a resource. Lambda checks it for a new connection.
    allow({ sid: "FindStream", actions: ["kinesis:ListStreams"], resources: ["*"] }),
  ];
}

/**
 * Lambda writes records that it gave up with the role of the function too, and must be able to list the bucket: of any
 * prefix, because it asks whether the bucket exists. A bucket of another account with the same name gets nothing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html#kinesis-s3-destination-security
 */
function storing({ account, bucketArn }: PolicyArgs): iam.PolicyStatement[] {
  const conditions = { StringEquals: { "s3:ResourceAccount": account } };
  const written = [PREFIXES.input, STREAM_PREFIXES.refused, STREAM_PREFIXES.givenUp];
  return [
    allow({
      sid: "StoreRequestsAndFailures",
      actions: ["s3:PutObject"],
      resources: written.map((prefix) => interpolate`${bucketArn}/${prefix}*`),
      conditions,
    }),
    allow({ sid: "FindObjects", actions: ["s3:ListBucket"], resources: [bucketArn], conditions }),
  ];
}
