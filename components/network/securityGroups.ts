import * as aws from "@pulumi/aws";
import type { ComponentResource, CustomResourceOptions, Input } from "@pulumi/pulumi";

const HTTPS = { ipProtocol: "tcp", fromPort: 443, toPort: 443 } as const;

/** A security group without rules: it allows nothing in or out. */
export function closedGroup(
  name: string,
  args: {
    readonly vpcId: Input<string>;
    readonly description: string;
    readonly tags: Readonly<Record<string, string>>;
  },
  options: CustomResourceOptions,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(name, args, options);
}

/** Allows one group to call another over HTTPS, and nothing else. */
export function allowCall(
  parent: ComponentResource,
  name: string,
  {
    caller,
    called,
    tags,
  }: {
    readonly caller: aws.ec2.SecurityGroup;
    readonly called: aws.ec2.SecurityGroup;
    readonly tags: Readonly<Record<string, string>>;
  },
): void {
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { securityGroupId: caller.id, referencedSecurityGroupId: called.id, ...HTTPS, tags },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-in`,
    { securityGroupId: called.id, referencedSecurityGroupId: caller.id, ...HTTPS, tags },
    { parent },
  );
}

/** Allows a group to call a service behind a gateway endpoint over HTTPS. */
export function allowCallToGateway(
  parent: ComponentResource,
  name: string,
  {
    caller,
    gateway,
    tags,
  }: {
    readonly caller: aws.ec2.SecurityGroup;
    readonly gateway: aws.ec2.VpcEndpoint;
    readonly tags: Readonly<Record<string, string>>;
  },
): void {
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { securityGroupId: caller.id, prefixListId: gateway.prefixListId, ...HTTPS, tags },
    { parent },
  );
}
