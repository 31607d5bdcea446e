import * as aws from "@pulumi/aws";
import type { NetworkPlacement } from "./networkAccess.js";

/**
 * Where function and model run in a network that is there already. Its owner sees to the ways to S3, DynamoDB and
 * SageMaker.
 *
 * @param args.vpcId the network; preview fails where a subnet or security group is not in it
 */
export function existingNetwork(args: {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}): NetworkPlacement {
  const { vpcId, subnetIds, securityGroupIds } = args;
  return {
    subnetIds: subnetIds.map((id) => aws.ec2.getSubnetOutput({ id, vpcId }).id),
    securityGroupIds: securityGroupIds.map((id) => aws.ec2.getSecurityGroupOutput({ id, vpcId }).id),
  };
}
