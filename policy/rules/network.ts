import { resourceRule, unless } from "../rule.js";

const ANYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/** Nothing of the stack can be reached from outside, and nothing gets out but by an endpoint of AWS's. */
export const networkIsClosed = resourceRule(
  {
    name: "network-is-closed",
    description: "No way in or out of the stack's network: no gateway to the internet, no public address, no open port",
    severity: "high",
    mend: "Reach AWS by VPC endpoints, and let in security groups of the stack only.",
  },
  {
    "aws:ec2/internetGateway:InternetGateway": () => ["The network has a gateway to the internet."],
    "aws:ec2/natGateway:NatGateway": () => ["The network has a NAT gateway to the internet."],
    "aws:ec2/subnet:Subnet": ({ mapPublicIpOnLaunch }) =>
      unless(mapPublicIpOnLaunch !== true, "The subnet gives public addresses."),
    "aws:ec2/securityGroup:SecurityGroup": ({ ingress }) =>
      (ingress ?? []).flatMap(({ cidrBlocks, ipv6CidrBlocks }) =>
        openTo([...(cidrBlocks ?? []), ...(ipv6CidrBlocks ?? [])]),
      ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ cidrIpv4, cidrIpv6 }) =>
      openTo([cidrIpv4, cidrIpv6].filter((range) => range !== undefined)),
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

function openTo(ranges: readonly string[]): readonly string[] {
  return ranges.filter((range) => ANYWHERE.includes(range)).map((range) => `The security group lets ${range} in.`);
}
