import * as aws from "@pulumi/aws";
import { RunError } from "@pulumi/pulumi";
import type { NetworkPlacement } from "../shared/placement.js";

/** An existing VPC, as the configuration names it. */
export interface ExistingNetwork {
  readonly vpcId: string;
  /** Subnets of the VPC, in two zones or more. */
  readonly subnetIds: readonly string[];
  /** Security groups of the VPC. */
  readonly securityGroupIds: readonly string[];
}

/**
 * Placement in an existing network, whose owner provides the routes to S3, DynamoDB and SageMaker. The preview fails if
 * a subnet or security group does not belong to the VPC.
 *
 * @throws RunError if all subnets are in one zone
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 */
export async function existingNetwork(network: ExistingNetwork): Promise<NetworkPlacement> {
  const { vpcId, subnetIds, securityGroupIds } = network;
  const [subnets, groups] = await Promise.all([
    Promise.all(subnetIds.map((id) => aws.ec2.getSubnet({ id, vpcId }))),
    Promise.all(securityGroupIds.map((id) => aws.ec2.getSecurityGroup({ id, vpcId }))),
  ]);
  const zones = new Set(subnets.map(({ availabilityZone }) => availabilityZone));
  if (zones.size < 2) {
    throw new RunError(
      `subnetIds is '${subnetIds.join(",")}': all these subnets are in ${[...zones].join()}, and SageMaker needs two zones or more\n` +
        "  fix: pulumi config set subnetIds SUBNET_IN_ONE_ZONE,SUBNET_IN_ANOTHER",
    );
  }
  return { subnetIds: subnets.map(({ id }) => id), securityGroupIds: groups.map(({ id }) => id) };
}
