import { messagesAreSealed, networkIsClosed } from "../../policy/rules/network.js";
import { describeRule, resource } from "./support/cases.js";

const group = (ingress: object) => [
  resource("aws:ec2/securityGroup:SecurityGroup", {
    ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ...ingress }],
  }),
];

describeRule(networkIsClosed, {
  holds: [
    { what: "a group that lets another one in", stack: group({ securityGroups: ["sg-1"] }) },
    { what: "a group that lets the network in", stack: group({ cidrBlocks: ["10.0.0.0/16"] }) },
    { what: "a private subnet", stack: [resource("aws:ec2/subnet:Subnet", {})] },
    {
      what: "a rule for another group",
      stack: [
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { referencedSecurityGroupId: "sg-1" }),
      ],
    },
  ],
  broken: [
    {
      what: "a gateway to the internet",
      stack: [resource("aws:ec2/internetGateway:InternetGateway", {})],
      says: /gateway to the internet/,
    },
    { what: "a NAT gateway", stack: [resource("aws:ec2/natGateway:NatGateway", {})], says: /NAT gateway/ },
    {
      what: "public addresses",
      stack: [resource("aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true })],
      says: /public addresses/,
    },
    {
      what: "an open port",
      stack: group({ cidrBlocks: ["10.0.0.0/16", "0.0.0.0/0"] }),
      says: /^The security group lets 0\.0\.0\.0\/0 in\.$/,
    },
    { what: "an open port of IPv6", stack: group({ ipv6CidrBlocks: ["::/0"] }), says: /::\/0/ },
    {
      what: "a rule for everybody",
      stack: [resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { cidrIpv4: "0.0.0.0/0" })],
      says: /0\.0\.0\.0/,
    },
  ],
});

describeRule(messagesAreSealed, {
  holds: ["https", "email", "lambda", "sqs"].map((protocol) => ({
    what: protocol,
    stack: [resource("aws:sns/topicSubscription:TopicSubscription", { protocol })],
  })),
  broken: [
    {
      what: "http",
      stack: [resource("aws:sns/topicSubscription:TopicSubscription", { protocol: "http" })],
      says: /plain HTTP/,
    },
  ],
});
