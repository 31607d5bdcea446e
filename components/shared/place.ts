import * as aws from "@pulumi/aws";
import { interpolate, type Output } from "@pulumi/pulumi";

/** Where a stack is deployed. Every ARN and host is made from it, so that no partition is hard-coded. */
export interface Place {
  readonly account: Output<string>;
  readonly region: Output<string>;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: Output<string>;
  /** Last part of the hosts of the services: `amazonaws.com`, or `amazonaws.com.cn` in China. */
  readonly dnsSuffix: Output<string>;
  /** First part of the names of VPC endpoint services: `com.amazonaws`, or `cn.com.amazonaws` in China. */
  readonly reverseDnsPrefix: Output<string>;
}

/** Where this stack is deployed, as the provider reports it. */
export function currentPlace(): Place {
  const { partition, dnsSuffix, reverseDnsPrefix } = aws.getPartitionOutput();
  return {
    account: aws.getCallerIdentityOutput().accountId,
    region: aws.getRegionOutput().region,
    partition,
    dnsSuffix,
    reverseDnsPrefix,
  };
}

/** The ARN of a SageMaker endpoint, computed from its name: what needs only the ARN does not wait for the endpoint. */
export function endpointArn(endpointName: string, { account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:sagemaker:${region}:${account}:endpoint/${endpointName}`;
}

/** The ARN of an alarm, computed from its name. */
export function alarmArn(alarmName: string, { account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmName}`;
}
