import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { allow, logWriting, policyDocument } from "../shared/policies.js";

/**
 * What SageMaker may do in the endpoint's name: pull the image, read requests, write results and failures, log,
 * report the hosts' metrics, and publish to the given topics.
 */
export function endpointPolicy(args: {
  readonly bucketArn: Input<string>;
  readonly repositoryArn: Input<string>;
  readonly logGroupArn: Input<string>;
  /** What attaching to a network takes, see `networkAccess.ts`. */
  readonly network: readonly iam.PolicyStatement[];
  /** What using the data's key takes, see `keyUse`. */
  readonly key: readonly iam.PolicyStatement[];
  readonly topicArns: readonly Input<string>[];
}): iam.PolicyDocument {
  const { bucketArn, repositoryArn, logGroupArn, network, key, topicArns } = args;
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
    // ECR's token is for the whole registry: the action knows no resource.
    allow({ sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }),
    logWriting(logGroupArn),
    ...network,
    ...key,
    // CloudWatch's metrics have no ARN; the namespace is all that can be narrowed.
    allow({
      sid: "ReportHostMetrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" } },
    }),
    ...(topicArns.length > 0 ? [allow({ sid: "Notify", actions: ["sns:Publish"], resources: [...topicArns] })] : []),
  );
}
