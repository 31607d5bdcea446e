import * as aws from "@pulumi/aws";
import type { NetworkPlacement } from "../shared/placement.js";
import { PrivateNetwork, type PrivateNetworkArgs } from "./privateNetwork.js";

export interface NetworkArgs extends PrivateNetworkArgs {
  readonly prefix: string;
  /** `none` leaves function and model in the services' own networks. */
  readonly network: "none" | "isolated";
  /** An existing VPC; empty creates one. */
  readonly vpcId: string;
  /** Subnets of the existing VPC. */
  readonly subnetIds: readonly string[];
  /** Security groups of the existing VPC. */
  readonly securityGroupIds: readonly string[];
}

/** Where function and model run. */
export interface StackNetwork {
  readonly tools: NetworkPlacement;
  readonly model: NetworkPlacement;
}

/**
 * The network that a stack asks for.
 *
 * @returns a new VPC, an existing one, or undefined for the services' own networks
 */
export function networkOf(args: NetworkArgs): StackNetwork | undefined {
  if (args.network === "none") return undefined;
  if (args.vpcId === "") return new PrivateNetwork(args.prefix, args);
  const placement = existingNetwork(args);
  return { tools: placement, model: placement };
}

/**
 * Placement in an existing network. Its owner provides the routes to S3, DynamoDB and SageMaker. A preview fails where
 * a subnet or security group is not part of the VPC.
 */
function existingNetwork({ vpcId, subnetIds, securityGroupIds }: NetworkArgs): NetworkPlacement {
  return {
    subnetIds: subnetIds.map((id) => aws.ec2.getSubnetOutput({ id, vpcId }).id),
    securityGroupIds: securityGroupIds.map((id) => aws.ec2.getSecurityGroupOutput({ id, vpcId }).id),
  };
}
