import type { Input } from "@pulumi/pulumi";
import type { JobEnvironmentArgs } from "./jobEnvironment.js";
import type { NamedVersion } from "./modelVersions.js";
import type { Place } from "./place.js";
import type { NetworkPlacement } from "./placement.js";
import type { RoleRules } from "./serviceRole.js";

/** Arguments of every function that works on jobs. */
export interface JobFunctionArgs extends RoleRules, JobEnvironmentArgs {
  readonly place: Place;
  /** ARN of an existing role of the functions, used as it is; empty makes one for each. */
  readonly functionRoleArn: string;
  /** Name of the endpoint, known before it exists. */
  readonly endpointName: string;
  /** Model versions beside `base`. */
  readonly versions: readonly NamedVersion[];
  /** Name of the parameter that says which version is active. */
  readonly modelPointer: string;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Network in which the function runs.
   *
   * @default the network of Lambda
   */
  readonly placement?: NetworkPlacement | undefined;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of logs, objects, jobs and messages.
   *
   * @default the keys of the services
   */
  readonly keyArn?: Input<string>;
}
