import * as aws from "@pulumi/aws";
import { all, interpolate, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import { assumableBy } from "./policies.js";

/** What an organisation asks of every role. */
export interface RoleRules {
  /** ARN of the policy that bounds what a role may ever do; empty for none. */
  readonly iamPermissionsBoundary: string;
  /** Path of roles: `/` or `/some/path/`. */
  readonly iamPath: string;
}

export interface ServiceRoleArgs extends RoleRules {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** The one service that assumes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** The resource, or pattern of resources, in whose name it does. */
  readonly sourceArn: Input<string>;
  /** What the role may do. */
  readonly policy: aws.iam.PolicyDocument;
}

/**
 * A pattern of the ARN of a role that `serviceRole` makes, for policies that must name it before it is made.
 *
 * @param name what the role's name begins with
 */
export function rolePattern(name: string, { account, partition }: Place, iamPath: string): Output<string> {
  return interpolate`arn:${partition}:iam::${account}:role${iamPath}${name}-role-*`;
}

/**
 * A role of one service with one policy.
 *
 * @param parent the component that it belongs to
 * @param name what the names of role and policy begin with
 * @returns its ARN, once the policy is attached: nothing starts before it may act
 */
export function serviceRole(parent: ComponentResource, name: string, args: ServiceRoleArgs): Output<string> {
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      assumeRolePolicy: assumableBy(args.service, args.place, args.sourceArn),
      path: args.iamPath,
      ...(args.iamPermissionsBoundary === "" ? {} : { permissionsBoundary: args.iamPermissionsBoundary }),
      tags: args.tags,
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(`${name}-policy`, { role: role.id, policy: args.policy }, { parent });
  return all([role.arn, policy.id]).apply(([arn]) => arn);
}
