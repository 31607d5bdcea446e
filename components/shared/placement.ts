import type { iam } from "@pulumi/aws";
import { interpolate, jsonStringify, type Input, type Output } from "@pulumi/pulumi";
import { allow, policyDocument, type Grant } from "./policies.js";
import type { Place } from "./place.js";

/** Subnets and security groups in which a function or a model runs. */
export interface NetworkPlacement {
  readonly subnetIds: readonly Input<string>[];
  readonly securityGroupIds: readonly Input<string>[];
}

/** Actions with which Lambda manages the network interfaces of a function. */
const MANAGE_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
];

/** Describe actions of EC2, which cannot be limited to a resource. */
const DESCRIBE_NETWORK = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];

/**
 * Permissions that Lambda needs to attach a function to a network. The code of the function may not use them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function functionInterfaces({ account, partition, region }: Place, functionName: string): iam.PolicyStatement[] {
  return [
    allow({
      sid: "AttachToNetwork",
      actions: MANAGE_INTERFACES,
      // Interfaces have no name in advance: Lambda checks the permission for all resources of the account and region.
      resources: [interpolate`arn:${partition}:ec2:${region}:${account}:*`],
    }),
    allow({ sid: "SeeNetwork", actions: DESCRIBE_NETWORK, resources: ["*"] }),
    {
      Sid: "NotFromCode",
      Effect: "Deny",
      Action: [...MANAGE_INTERFACES, ...DESCRIBE_NETWORK],
      Resource: "*",
      Condition: {
        ArnEquals: {
          "lambda:SourceFunctionArn": interpolate`arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
        },
      },
    },
  ];
}

/**
 * Permissions that SageMaker needs to attach a model to a network. AWS documents them for `*` only: SageMaker creates the
 * interfaces, and the permissions that it passes on have no ARN.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function modelInterfaces(): iam.PolicyStatement[] {
  return [
    allow({
      sid: "AttachToNetwork",
      actions: [
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      resources: ["*"],
    }),
  ];
}

/**
 * The policy of a VPC endpoint: allows actions on resources of the stack to principals of this account.
 *
 * @param more permissions of a role that must hold through this endpoint too
 */
export function endpointAccess(
  place: Place,
  actions: string[],
  resources: Input<string>[],
  more: readonly Grant[] = [],
): Output<string> {
  const ofAccount = { StringEquals: { "aws:PrincipalAccount": place.account } };
  return jsonStringify(
    policyDocument(
      { Effect: "Allow", Principal: "*", Action: actions, Resource: resources, Condition: ofAccount },
      ...more.map(({ conditions, ...grant }) => ({
        ...allow({ ...grant, conditions: { ...conditions, ...ofAccount } }),
        Principal: "*",
      })),
    ),
  );
}
