import * as aws from "@pulumi/aws";
import type { NetworkPlacement } from "../shared/placement.js";
import { PrivateNetwork, type PrivateNetworkArgs } from "./privateNetwork.js";

export interface NetworkArgs extends PrivateNetworkArgs {
  /** First part of the logical names. */
  readonly prefix: string;
  /** `none` runs function and model in the networks of Lambda and SageMaker. */
  readonly network: "none" | "isolated";
  /** An existing VPC; empty creates one. */
  readonly vpcId: string;
  /** Subnets of the existing VPC. */
  readonly subnetIds: readonly string[];
  /** Security groups of the existing VPC. */
  readonly securityGroupIds: readonly string[];
}

/** The placement of the function and of the model. */
export interface StackNetwork {
  readonly tools: NetworkPlacement;
  readonly model: NetworkPlacement;
}

/**
 * Creates the network of a stack, or looks up an existing one.
 *
 * @returns undefined with `network` none
 */
export function networkOf(args: NetworkArgs): StackNetwork | undefined {
  if (args.network === "none") return undefined;
  if (args.vpcId === "") return new PrivateNetwork(args.prefix, args);
  const placement = existingNetwork(args);
  return { tools: placement, model: placement };
}

/**
 * Placement in an existing network, whose owner provides the routes to S3, DynamoDB and SageMaker. The preview fails if
 * a subnet or security group does not belong to the VPC.
 */
function existingNetwork({ vpcId, subnetIds, securityGroupIds }: NetworkArgs): NetworkPlacement {
  return {
    subnetIds: subnetIds.map((id) => aws.ec2.getSubnetOutput({ id, vpcId }).id),
    securityGroupIds: securityGroupIds.map((id) => aws.ec2.getSecurityGroupOutput({ id, vpcId }).id),
  };
}
