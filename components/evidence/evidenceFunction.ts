import type { Input } from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import type { NetworkPlacement } from "../shared/placement.js";
import type { RoleRules } from "../shared/serviceRole.js";

/** Arguments of every function that gathers evidence. */
export interface EvidenceFunctionArgs extends RoleRules {
  readonly place: Place;
  /** ARN of an existing role of the functions, used as it is; empty makes one for each. */
  readonly functionRoleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly bucket: { readonly bucketName: Input<string>; readonly bucketArn: Input<string> };
  /**
   * Network in which the function runs.
   *
   * @default the network of Lambda
   */
  readonly placement?: NetworkPlacement | undefined;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of logs and objects.
   *
   * @default the keys of the services
   */
  readonly keyArn?: Input<string>;
}
