import * as aws from "@pulumi/aws";
import { all, interpolate, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import { assumableBy } from "./policies.js";

/** Rules of an organisation for every role. */
export interface RoleRules {
  /** ARN of the permissions boundary of every role; empty for none. */
  readonly iamPermissionsBoundary: string;
  /** Path of every role: `/` or `/some/path/`. */
  readonly iamPath: string;
}

export interface ServiceRoleArgs extends RoleRules {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** The only service that may assume the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** ARN or ARN pattern allowed as `aws:SourceArn` when the service assumes the role. */
  readonly sourceArn: Input<string>;
  /** What the role may do. */
  readonly policy: aws.iam.PolicyDocument;
}

/**
 * ARN patterns of a role that `serviceRole` creates, for policies that are created before the role. They do not depend on
 * the path of the roles: while a change of the path replaces the roles, the old and the new ones are in use.
 *
 * @param name first part of the role's name, as it is given to `serviceRole`
 */
export function rolePatterns(name: string, { account, partition }: Place): Output<string>[] {
  return ["role", "role/*"].map((path) => interpolate`arn:${partition}:iam::${account}:${path}/${name}-role-*`);
}

/**
 * A role for one service, with one policy. A changed policy is a new one beside the old: the new rights are there before
 * anything is updated, and the old rights are removed at the end of the deployment, when nothing uses them any more.
 *
 * @param parent the component that it belongs to
 * @param name first part of the logical names of role and policy
 * @returns the ARN of the role, available when the policy is attached: nothing starts without its permissions
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
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: role.id, policy: args.policy },
    { parent, replaceOnChanges: ["policy"] },
  );
  // Not the policy's id: it is unknown in the preview of a new policy, and the preview would replace all that has the role.
  return all([role.arn, policy.role]).apply(([arn]) => arn);
}
