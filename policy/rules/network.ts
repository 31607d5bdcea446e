import { resourceRule, unless } from "../rule.js";

const ANYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/** Nothing of the stack can be reached from outside, and nothing gets out but by an endpoint of AWS's. */
export const networkIsClosed = resourceRule(
  {
    name: "network-is-closed",
    description:
      "No way in or out of the stack's network: no gateway to the internet, no public address, no port open to or " +
      "from anywhere, no VPC endpoint without a policy",
    severity: "high",
    mend: "Reach AWS by VPC endpoints with policies, and let in and out groups and endpoints of the stack only.",
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

/** What is sent about the stack is sent encrypted. */
export const messagesAreSealed = resourceRule(
  {
    name: "messages-are-sealed",
    description: "No topic delivers over plain HTTP",
    severity: "medium",
    mend: "Subscribe an https address.",
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
    .map((range) => `The security group lets ${direction} ${String(range)}.`);
}
