import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { allow, logWriting, policyDocument } from "../shared/policies.js";

/**
 * The permissions of the endpoint's role: pull the image, read requests, write results and failures, write logs and
 * host metrics, read the rollback alarm, and publish to the given topics.
 */
export function endpointPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly repositoryArn: Input<string>;
  readonly logGroupArn: Input<string>;
  /** ARN of the alarm that rolls an update back: SageMaker reads its state as this role. */
  readonly rollbackAlarmArn: Input<string>;
  readonly topicArns: readonly Input<string>[];
}): iam.PolicyDocument {
  const { bucketArn, repositoryArn, logGroupArn, rollbackAlarmArn, topicArns } = args;
  return policyDocument(
    allow({
      sid: "ReadRequests",
      actions: ["s3:GetObject"],
      resources: [interpolate`${bucketArn}/${PREFIXES.input}*`],
    }),
    allow({
      sid: "WriteResults",
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [interpolate`${bucketArn}/${PREFIXES.output}*`, interpolate`${bucketArn}/${PREFIXES.failure}*`],
    }),
    allow({
      sid: "PullImage",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [repositoryArn],
    }),
    // A token of ECR is for the whole registry: the action cannot be limited to a resource.
    allow({ sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
    logWriting(logGroupArn),
    // Metrics have no ARN: the permission can only be limited to a namespace.
    allow({
      sid: "ReportHostMetrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" } },
    }),
    // @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    allow({ sid: "ReadRollbackAlarm", actions: ["cloudwatch:DescribeAlarms"], resources: [rollbackAlarmArn] }),
    ...(topicArns.length > 0 ? [allow({ sid: "Notify", actions: ["sns:Publish"], resources: [...topicArns] })] : []),
  );
}
