import type { iam } from "@pulumi/aws";
import { interpolate, type ComponentResource } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import { functionInterfaces, type NetworkPlacement } from "./placement.js";
import { serviceRole, type RoleRules, type ServiceRole } from "./serviceRole.js";

export interface FunctionRoleArgs extends RoleRules {
  /** Name of the function: Lambda assumes the role for it alone. */
  readonly functionName: string;
  /** ARN of an existing role of the functions, used as it is; empty makes one for each. */
  readonly functionRoleArn: string;
  readonly place: Place;
  /**
   * Network to which the role may attach the function.
   *
   * @default the network of Lambda, which needs no permissions
   */
  readonly placement?: NetworkPlacement | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What the function may do. */
  readonly policy: iam.PolicyDocument;
}

/**
 * The role of a Lambda function.
 *
 * @param name first part of the name of the role
 */
export function functionRole(parent: ComponentResource, name: string, args: FunctionRoleArgs): ServiceRole {
  const { functionName, functionRoleArn, place, placement } = args;
  const { account, partition, region } = place;
  return serviceRole(parent, name, {
    ...args,
    existingArn: functionRoleArn,
    service: "lambda.amazonaws.com",
    // AWS's guide to Lambda shows no such condition; roles of deployed functions have it.
    // @see https://github.com/aws-samples/aws2tf/pull/172
    sourceArn: interpolate`arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
    attachment: placement ? functionInterfaces(place, functionName) : [],
  });
}
