import type { StackSettings } from "./configKeys.js";
import { existingNetwork } from "./existingNetwork.js";
import type { NetworkPlacement } from "./networkAccess.js";
import { PrivateNetwork, type PrivateNetworkArgs } from "./privateNetwork.js";

/** Where function and model run. */
export interface StackNetwork {
  readonly tools: NetworkPlacement;
  readonly model: NetworkPlacement;
}

/**
 * The network that a stack asks for.
 *
 * @returns one of the stack's own, an existing one, or undefined for AWS's own
 */
export function networkOf(
  args: Pick<StackSettings, "network" | "vpcId" | "subnetIds" | "securityGroupIds"> &
    PrivateNetworkArgs & { readonly prefix: string },
): StackNetwork | undefined {
  if (args.network === "none") return undefined;
  if (args.vpcId === "") return new PrivateNetwork(args.prefix, args);
  const placement = existingNetwork(args);
  return { tools: placement, model: placement };
}
