import * as aws from "@pulumi/aws";
import { all, interpolate, output, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import type { NamedVersion } from "./modelVersions.js";
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
  /**
   * ARN of an existing role that is used as it is; empty makes a role.
   *
   * @default makes a role
   */
  readonly existingArn?: string;
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
 * ARNs and ARN patterns of the role that `serviceRole` returns, for policies that are created before the role. The patterns
 * are of the roles that it makes, with any path: while a change of the path replaces the roles, or a change of the
 * configuration moves to an existing role, the old and the new ones are in use.
 *
 * @param name first part of the role's name, as it is given to `serviceRole`
 * @param existingArn ARN of an existing role; empty for none
 */
export function rolePatterns(name: string, { account, partition }: Place, existingArn: string): Input<string>[] {
  const made = ["role", "role/*"].map((path) => interpolate`arn:${partition}:iam::${account}:${path}/${name}-role-*`);
  return existingArn === "" ? made : [existingArn, ...made];
}

/** The patterns of the roles of the endpoints of all model versions, see {@link rolePatterns}. */
export function endpointRoles(args: {
  readonly prefix: string;
  readonly versions: readonly NamedVersion[];
  readonly place: Place;
  readonly executionRoleArn: string;
}): Input<string>[] {
  return [
    ...rolePatterns(`${args.prefix}-endpoint`, args.place, args.executionRoleArn),
    ...args.versions.flatMap(({ prefix }) => rolePatterns(`${prefix}-endpoint`, args.place, "")),
  ];
}

/**
 * A role for one service: an existing one, else a new one with one policy, and one more for its network. A changed policy
 * is a new one beside the old: the new rights are there before anything is updated, and the old rights are removed at the
 * end of the deployment, when nothing uses them any more.
 *
 * @param parent the component that it belongs to
 * @param name first part of the logical names of role and policies
 */
export function serviceRole(parent: ComponentResource, name: string, args: ServiceRoleArgs): ServiceRole {
  const { existingArn = "" } = args;
  if (existingArn !== "") return { arn: output(existingArn), networkPolicies: [] };
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
