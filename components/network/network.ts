import { deferredOutput, output, type Input, type Output, type Resource } from "@pulumi/pulumi";
import type { NetworkPlacement } from "../shared/placement.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { existingNetwork, type ExistingNetwork } from "./existingNetwork.js";
import { PrivateNetwork, type PrivateNetworkArgs } from "./privateNetwork.js";
import { defaultZones } from "./zones.js";

export interface NetworkArgs
  extends Omit<PrivateNetworkArgs, "availabilityZones" | "networkPolicies">, ExistingNetwork {
  /** First part of the logical names. */
  readonly prefix: string;
  /** `none` runs function and model in the networks of Lambda and SageMaker. */
  readonly network: "none" | "isolated";
  /** Id of an existing VPC; empty creates one. */
  readonly vpcId: string;
  /** Zones with the instance type; empty for the first two zones of the region. */
  readonly availabilityZones: readonly string[];
}

/** The placement of the function and of the model. */
export interface StackNetwork {
  readonly tools: NetworkPlacement;
  readonly model: NetworkPlacement;
  readonly vpcId: Input<string>;
}

/**
 * Creates the network of a stack, or looks up an existing one, and builds in it what uses it.
 *
 * @param build gets undefined with `network` none
 * @returns what `build` returns
 * @throws RunError if the subnets of an existing network are in one zone
 */
export async function inNetwork<
  Users extends Readonly<
    Record<
      "endpoint" | "versions" | "models" | "tools" | "jobs" | "results" | "submissions" | "fasta" | "scan" | "evidence",
      Pick<ServiceRole, "networkPolicies">
    >
  >,
>(args: NetworkArgs, build: (network: StackNetwork | undefined) => Users): Promise<Users> {
  // The users depend on subnets and groups, which depend on policies that belong to the users.
  const [networkPolicies, settle] = deferredOutput<Resource[]>();
  const network = await networkOf(args, networkPolicies);
  try {
    const users = build(network);
    settle(output(Object.values(users).flatMap(({ networkPolicies: policies }) => policies)));
    return users;
  } catch (error) {
    // Otherwise the network would wait for ever, and nobody would see the error.
    settle(output([]));
    throw error;
  }
}

async function networkOf(args: NetworkArgs, networkPolicies: Output<Resource[]>): Promise<StackNetwork | undefined> {
  if (args.network === "none") return undefined;
  if (args.vpcId === "") {
    const availabilityZones = args.availabilityZones.length > 0 ? args.availabilityZones : await defaultZones();
    return new PrivateNetwork(args.prefix, { ...args, availabilityZones, networkPolicies });
  }
  const placement = await existingNetwork(args);
  return { tools: placement, model: placement, vpcId: args.vpcId };
}
