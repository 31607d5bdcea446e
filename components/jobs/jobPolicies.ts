import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import type { CallableModels } from "../shared/modelVersions.js";
import { allow, answeringTasks, policyDocument, running, startingJobs } from "../shared/policies.js";

interface PolicyArgs {
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly logGroupArn: Input<string>;
  /** Whether state machines wait for jobs. */
  readonly answersTasks: boolean;
}

/** The permissions of the recorder: read its queue and the reasons of failures, and keep jobs in the ledger. */
export function recorderPolicy(args: PolicyArgs & { readonly queueArn: Input<string> }): iam.PolicyDocument {
  return policyDocument(
    // Lambda reads the queue with the role of the function.
    allow({
      sid: "ReadQueue",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [args.queueArn],
    }),
    findObjects(args, PREFIXES.failure),
    ...common(args),
  );
}

/** The permissions of the sweeper: find requests and outcomes, keep jobs in the ledger, and start them. */
export function sweeperPolicy(
  args: PolicyArgs & {
    readonly endpointArn: Input<string>;
    /** The versions beside `base`; undefined on a stack with one version. */
    readonly models?: CallableModels | undefined;
  },
): iam.PolicyDocument {
  return policyDocument(
    startingJobs(args.endpointArn, args.models?.endpointArns),
    allow({ sid: "FindJobs", actions: ["dynamodb:Query"], resources: [interpolate`${args.tableArn}/index/*`] }),
    findObjects(args, PREFIXES.input, PREFIXES.output, PREFIXES.failure),
    ...common(args),
  );
}

/** Without ListBucket, S3 answers AccessDenied instead of NoSuchKey for an object that does not exist. */
function findObjects({ bucketArn }: PolicyArgs, ...prefixes: readonly string[]): iam.PolicyStatement {
  return allow({
    sid: "FindObjects",
    actions: ["s3:ListBucket"],
    resources: [bucketArn],
    conditions: { StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) } },
  });
}

function common({ bucketArn, tableArn, logGroupArn, answersTasks }: PolicyArgs): iam.PolicyStatement[] {
  return [
    allow({
      sid: "ReadReasons",
      actions: ["s3:GetObject"],
      resources: [interpolate`${bucketArn}/${PREFIXES.failure}*`],
    }),
    allow({
      sid: "KeepJobs",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [tableArn],
    }),
    ...(answersTasks ? [answeringTasks()] : []),
    ...running(logGroupArn),
  ];
}
