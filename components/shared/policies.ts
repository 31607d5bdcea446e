import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import type { Place } from "./place.js";

type Conditions = Readonly<Record<string, Record<string, Input<string> | Input<string>[]>>>;

/** The content of one statement that allows something. */
export interface Grant {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: Input<string>[];
  readonly conditions?: Conditions;
}

/** A policy document with the given statements. */
export function policyDocument(...statements: iam.PolicyStatement[]): iam.PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** A statement that allows actions on resources. */
export function allow({ sid, actions, resources, conditions }: Grant): iam.PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(conditions ? { Condition: conditions } : {}),
  };
}

/**
 * The trust policy of a role that one service may assume, and only on behalf of resources of this account.
 *
 * @param service such as `lambda.amazonaws.com`
 * @param sourceArn ARN or ARN pattern allowed as `aws:SourceArn` when the service assumes the role
 */
export function assumableBy(service: string, place: Place, sourceArn: Input<string>): iam.PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account },
      ArnLike: { "aws:SourceArn": sourceArn },
    },
  });
}

/** Conditions of a request that CloudWatch makes for an alarm of this account and region whose name begins as given. */
export function publishedBy(alarmPrefix: string, { account, partition, region }: Place): Conditions {
  return {
    StringEquals: { "aws:SourceAccount": account },
    ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmPrefix}-*` },
  };
}

/** Allows what the one submit path of jobs does with endpoint and ledger, see lambda/shared/submitJob.ts. */
export function submitting({
  endpointArn,
  tableArn,
}: {
  readonly endpointArn: Input<string>;
  readonly tableArn: Input<string>;
}): iam.PolicyStatement[] {
  return [
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
  ];
}

/**
 * Actions with which tasks of state machines that wait with a token are answered. Only the token says which task: the actions
 * cannot be limited to a state machine.
 */
export const ANSWER_TASKS = ["states:SendTaskFailure", "states:SendTaskSuccess"];

/** Allows answering tasks of state machines to who has their tokens. */
export function answeringTasks(): iam.PolicyStatement {
  return allow({ sid: "AnswerTasks", actions: ANSWER_TASKS, resources: ["*"] });
}

/** Allows what every function does: write traces, and its log. */
export function running(logGroupArn: Input<string>): iam.PolicyStatement[] {
  return [
    // Traces have no ARN: the actions cannot be limited to a resource.
    allow({ sid: "Trace", actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources: ["*"] }),
    logWriting(logGroupArn),
  ];
}

/** Allows writing to one log group, but not creating it: a late writer would create a deleted group again. */
export function logWriting(logGroupArn: Input<string>): iam.PolicyStatement {
  return allow({
    sid: "WriteLogs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [interpolate`${logGroupArn}:log-stream:*`],
  });
}

/**
 * The statements of a bucket policy that deny every request without TLS 1.2 or newer.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
 */
export function tlsOnly(bucketArn: Input<string>): iam.PolicyStatement[] {
  const everything = { Effect: "Deny", Principal: "*", Action: "s3:*" } as const;
  const resources = [bucketArn, interpolate`${bucketArn}/*`];
  return [
    {
      Sid: "DenyWithoutTls",
      ...everything,
      Resource: resources,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "DenyOldTls",
      ...everything,
      Resource: resources,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
  ];
}
