import type { ServiceRole } from "../shared/serviceRole.js";
import { Recorder, type RecorderArgs } from "./recorder.js";
import { Sweeper, type SweeperArgs } from "./sweeper.js";

/**
 * Creates the functions that keep the job ledger in the background: the recorder and the sweeper.
 *
 * @param args.prefix first part of the logical names
 */
export function jobFunctions({
  prefix,
  ...args
}: RecorderArgs & SweeperArgs & { readonly prefix: string }): Pick<ServiceRole, "networkPolicies"> {
  const recorder = new Recorder(`${prefix}-recorder`, args);
  const sweeper = new Sweeper(`${prefix}-sweeper`, args);
  return { networkPolicies: [...recorder.networkPolicies, ...sweeper.networkPolicies] };
}
