import type { Input } from "@pulumi/pulumi";
import { DataKey, type DataKeyArgs } from "./dataKey.js";
import { refuseForeignRoles } from "./existingRole.js";
import { currentPlace, type Place } from "./place.js";

/** Arguments that every capability gets beside its own settings. */
export interface StackContext {
  /** Account, region and partition that the stack is deployed to. */
  readonly place: Place;
  /** ARN of the customer key. Default: the keys of the services themselves. */
  readonly keyArn?: Input<string>;
}

/**
 * Looks up where the stack is deployed and, with `encryption` kms, creates the customer key. Refuses existing roles of
 * another account.
 *
 * @returns the configuration with place and key added
 */
export function stackOf<
  Config extends Omit<DataKeyArgs, "place"> & { readonly prefix: string; readonly encryption: "sse-s3" | "kms" },
>(config: Config): Config & StackContext {
  const place = currentPlace();
  refuseForeignRoles([config.executionRoleArn, config.functionRoleArn], place);
  if (config.encryption === "sse-s3") return { ...config, place };
  return { ...config, place, keyArn: new DataKey(config.prefix, { ...config, place }).keyArn };
}
