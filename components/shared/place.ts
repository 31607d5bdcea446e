import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";

/** Where a stack is deployed; nothing in it is hard-coded to one partition. */
export interface Place {
  readonly account: Output<string>;
  readonly region: Output<string>;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: Output<string>;
  /** What the services' hosts end in: `amazonaws.com`, or `amazonaws.com.cn` in China. */
  readonly dnsSuffix: Output<string>;
  /** What the names of VPC endpoint services begin with: `com.amazonaws`, or `cn.com.amazonaws` in China. */
  readonly reverseDnsPrefix: Output<string>;
}

/** Asks the provider where this stack is deployed. */
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
