import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import type { Place } from "./place.js";

type Conditions = Readonly<Record<string, Record<string, Input<string> | Input<string>[]>>>;

/** What one statement of a role's policy allows. */
export interface Grant {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: Input<string>[];
  readonly conditions?: Conditions;
}

/** A policy document of statements. */
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
 * The trust policy of a role that one service assumes, in the name of resources of this account only.
 *
 * @param service such as `lambda.amazonaws.com`
 * @param sourceArn the resource, or pattern of resources, in whose name the service acts
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

/** What writing to one log group takes, and no more: a role that could create groups would bring deleted ones back. */
export function logWriting(logGroupArn: Input<string>): iam.PolicyStatement {
  return allow({
    sid: "WriteLogs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [interpolate`${logGroupArn}:log-stream:*`],
  });
}

/**
 * A bucket's policy statements that deny everybody what does not come over TLS 1.2 or newer.
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
