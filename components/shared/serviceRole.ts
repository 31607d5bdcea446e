import * as aws from "@pulumi/aws";
import { all, interpolate, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import { assumableBy, policyDocument } from "./policies.js";

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
  /**
   * Permissions to attach to a network, see `placement.ts`.
   *
   * @default none
   */
  readonly attachment?: readonly aws.iam.PolicyStatement[];
}

/** A role with its permissions. */
export interface ServiceRole {
  /** ARN of the role, available when its policies are attached: nothing starts without its permissions. */
  readonly arn: Output<string>;
  /**
   * The policy with the permissions to attach to a network. Subnets and security groups depend on it, because the service
   * deletes its network interfaces with this role, minutes after the function or endpoint has left them.
   */
  readonly networkPolicies: readonly aws.iam.RolePolicy[];
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
 * A role for one service, with one policy, and one more for its network. A changed policy is a new one beside the old: the
 * new rights are there before anything is updated, and the old rights are removed at the end of the deployment, when
 * nothing uses them any more.
 *
 * @param parent the component that it belongs to
 * @param name first part of the logical names of role and policies
 */
export function serviceRole(parent: ComponentResource, name: string, args: ServiceRoleArgs): ServiceRole {
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
  const attach = (part: string, policy: aws.iam.PolicyDocument): aws.iam.RolePolicy =>
    new aws.iam.RolePolicy(`${name}-${part}`, { role: role.id, policy }, { parent, replaceOnChanges: ["policy"] });
  const policy = attach("policy", args.policy);
  const { attachment = [] } = args;
  const networkPolicies = attachment.length > 0 ? [attach("network-policy", policyDocument(...attachment))] : [];
  // Not the policies' ids: those of new policies are unknown in a preview, which would replace all that has the role.
  const attached = all([policy, ...networkPolicies].map((one) => one.role));
  return { arn: all([role.arn, attached]).apply(([arn]) => arn), networkPolicies };
}
