import { messagesAreSealed, networkIsClosed } from "../../policy/rules/network.js";
import { describeRule, resource } from "./support/cases.js";

const POLICY = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }] });

const group = (ingress: object) => [
  resource("aws:ec2/securityGroup:SecurityGroup", {
    ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ...ingress }],
  }),
];

describeRule(networkIsClosed, {
  holds: [
    { what: "a group that lets another one in", stack: group({ securityGroups: ["sg-1"] }) },
    { what: "a group that lets the network in", stack: group({ cidrBlocks: ["10.0.0.0/16"] }) },
    {
      what: "an endpoint of AWS's with a policy",
      stack: [resource("aws:ec2/vpcEndpoint:VpcEndpoint", { policy: POLICY })],
    },
    {
      what: "a way out to an endpoint of AWS's",
      stack: [resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { prefixListId: "pl-1" })],
    },
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
    {
      what: "a gateway to the internet over IPv6",
      stack: [resource("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", {})],
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
      says: /^The security group allows traffic in from 0\.0\.0\.0\/0\.$/,
    },
    { what: "an open port of IPv6", stack: group({ ipv6CidrBlocks: ["::/0"] }), says: /::\/0/ },
    {
      what: "a way out to anywhere",
      stack: [resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { cidrIpv4: "0.0.0.0/0" })],
      says: /^The security group allows traffic out to 0\.0\.0\.0\/0\.$/,
    },
    {
      what: "a group that lets out to anywhere",
      stack: [
        resource("aws:ec2/securityGroup:SecurityGroup", {
          egress: [{ protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] }],
        }),
      ],
      says: /^The security group allows traffic out to ::\/0\.$/,
    },
    {
      what: "an endpoint of AWS's that lets everything through",
      stack: [resource("aws:ec2/vpcEndpoint:VpcEndpoint", {})],
      says: /endpoint has no policy/,
    },
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
