import { resourceRule, unless } from "../rule.js";

const ANYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/** The network of the stack has no route in or out, except VPC endpoints. */
export const networkIsClosed = resourceRule(
  {
    name: "network-is-closed",
    description:
      "The network of the stack has no internet gateway, no public address, no port that is open to or from anywhere, " +
      "and no VPC endpoint without a policy",
    severity: "high",
    fix: "Use VPC endpoints with policies, and allow only security groups and VPC endpoints of the stack.",
  },
  {
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": () => ["The network has a gateway to the internet."],
    "aws:ec2/internetGateway:InternetGateway": () => ["The network has a gateway to the internet."],
    "aws:ec2/natGateway:NatGateway": () => ["The network has a NAT gateway to the internet."],
    "aws:ec2/subnet:Subnet": ({ mapPublicIpOnLaunch }) =>
      unless(mapPublicIpOnLaunch !== true, "The subnet gives public addresses."),
    "aws:ec2/securityGroup:SecurityGroup": ({ ingress, egress }) => [
      ...(ingress ?? []).flatMap((rule) => openTo("in from", rangesOf(rule))),
      ...(egress ?? []).flatMap((rule) => openTo("out to", rangesOf(rule))),
    ],
    "aws:ec2/vpcEndpoint:VpcEndpoint": ({ policy }) =>
      unless(
        (policy ?? "") !== "",
        "The VPC endpoint has no policy: it lets through whatever anybody asks of the service.",
      ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ({ cidrIpv4, cidrIpv6 }) =>
      openTo("out to", [cidrIpv4, cidrIpv6]),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ cidrIpv4, cidrIpv6 }) =>
      openTo("in from", [cidrIpv4, cidrIpv6]),
  },
);

/** Notifications are encrypted in transit. */
export const messagesAreSealed = resourceRule(
  {
    name: "messages-are-sealed",
    description: "No topic delivers over plain HTTP",
    severity: "medium",
    fix: "Subscribe an https URL.",
  },
  {
    "aws:sns/topicSubscription:TopicSubscription": ({ protocol }) =>
      unless(protocol !== "http", "The topic delivers over plain HTTP."),
  },
);

type Ranges = readonly string[] | undefined;

function rangesOf(rule: { readonly cidrBlocks?: Ranges; readonly ipv6CidrBlocks?: Ranges }): string[] {
  return [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
}

function openTo(direction: string, ranges: readonly (string | undefined)[]): readonly string[] {
  return ranges
    .filter((range) => range !== undefined && ANYWHERE.includes(range))
    .map((range) => `The security group allows traffic ${direction} ${String(range)}.`);
}
