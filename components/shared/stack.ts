import type { Input } from "@pulumi/pulumi";
import { DataKey, type DataKeyArgs } from "./dataKey.js";
import { currentPlace, type Place } from "./place.js";

/** What every capability is given beside its own settings. */
export interface StackContext {
  /** Account, region and partition that the stack is deployed to. */
  readonly place: Place;
  /** ARN of the customer key; absent where the services' own keys encrypt. */
  readonly keyArn?: Input<string>;
}

/**
 * Adds to a stack's configuration where it is deployed and, with `encryption` kms, a customer key.
 *
 * @returns the configuration with the account, region and key
 */
export function stackOf<
  Config extends Omit<DataKeyArgs, "place"> & { readonly prefix: string; readonly encryption: "sse-s3" | "kms" },
>(config: Config): Config & StackContext {
  const place = currentPlace();
  if (config.encryption === "sse-s3") return { ...config, place };
  return { ...config, place, keyArn: new DataKey(config.prefix, { ...config, place }).keyArn };
}
