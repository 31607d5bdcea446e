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

/** Allows calling the endpoint of each model version, and no other. */
export function startingJobs(endpointArn: Input<string>, more: readonly Input<string>[] = []): iam.PolicyStatement {
  return allow({
    sid: "StartJobs",
    actions: ["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpointAsync"],
    resources: [endpointArn, ...more],
  });
}

/**
 * Lets AWS Budgets publish to a topic for budgets of this account.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export function publishedByBudgets(topicArn: Input<string>, place: Place): iam.PolicyStatement {
  return {
    Sid: "PublishBudget",
    Effect: "Allow",
    Principal: { Service: BUDGETS },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: forBudgets(place),
  };
}

/** Lets AWS Budgets use a key, in which the resource `*` is the key itself, to publish to encrypted topics. */
export function encryptedByBudgets(place: Place): iam.PolicyStatement {
  return {
    Sid: "PublishBudget",
    Effect: "Allow",
    Principal: { Service: BUDGETS },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: "*",
    Condition: forBudgets(place),
  };
}

const BUDGETS = "budgets.amazonaws.com";

function forBudgets({ account, partition }: Place): Conditions {
  return {
    StringEquals: { "aws:SourceAccount": account },
    ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:budgets::${account}:*` },
  };
}

/** Allows what the one submit path of jobs does with endpoint and ledger, see lambda/shared/submitJob.ts. */
export function submitting({
  endpointArn,
  tableArn,
  models,
}: {
  readonly endpointArn: Input<string>;
  readonly tableArn: Input<string>;
  /** The versions beside `base`; undefined on a stack with one version. */
  readonly models?: { readonly endpointArns: Input<string>[]; readonly pointerArn: Input<string> } | undefined;
}): iam.PolicyStatement[] {
  return [
    startingJobs(endpointArn, models?.endpointArns),
    ...(models === undefined
      ? []
      : [allow({ sid: "ReadActiveModel", actions: ["ssm:GetParameter"], resources: [models.pointerArn] })]),
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

/** Actions with which workflows are started, looked at and cancelled. */
export const RUN_WORKFLOWS = ["states:DescribeExecution", "states:StartExecution", "states:StopExecution"];

/** Allows answering tasks of state machines to who has their tokens. */
export function answeringTasks(): iam.PolicyStatement {
  return allow({ sid: "AnswerTasks", actions: ANSWER_TASKS, resources: ["*"] });
}

/**
 * Actions with which Step Functions delivers logs.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 */
const DELIVER_LOGS = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

/** Allows what every state machine does: deliver its log, and write traces. */
export function runningMachine(): iam.PolicyStatement[] {
  return [
    // Deliveries of logs, and traces, have no ARN: the actions cannot be limited to a resource.
    allow({ sid: "DeliverLogs", actions: DELIVER_LOGS, resources: ["*"] }),
    allow({
      sid: "Trace",
      actions: [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      resources: ["*"],
    }),
  ];
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
