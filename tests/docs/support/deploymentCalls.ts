import type { Subject } from "../../../policy/rule.js";

/** One authorization of a call: AWS checks each resource of the call by itself. */
export interface Authorization {
  readonly action: string;
  readonly resource: string;
  /** Whose tags the resource has: the stack's, or none, because it is new. */
  readonly tagged: "stack" | "new";
  /** Condition keys beside the tags. */
  readonly context?: Readonly<Record<string, string>>;
}

const ACCOUNT = "123456789012";
const REGION = "us-east-1";

/** ARN of any resource of a kind, such as `subnet`. */
export function ec2(kind: string): string {
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:${kind}/${kind}-01234567`;
}

/** ARN of any key. */
export const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`;

/**
 * What the provider calls for a type without names of its own: to create, change and delete it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
const CALLS: Readonly<Record<string, readonly Authorization[]>> = {
  "aws:ec2/vpc:Vpc": [...made("CreateVpc", "vpc"), ...own("vpc", "ModifyVpcAttribute", "DeleteVpc")],
  "aws:ec2/subnet:Subnet": [
    ...made("CreateSubnet", "subnet", "vpc"),
    ...own("subnet", "ModifySubnetAttribute", "DeleteSubnet"),
  ],
  "aws:ec2/routeTable:RouteTable": [
    ...made("CreateRouteTable", "route-table", "vpc"),
    ...own("route-table", "DeleteRouteTable"),
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["AssociateRouteTable", "DisassociateRouteTable"].flatMap(
    (action) => [...own("route-table", action), ...own("subnet", action)],
  ),
  "aws:ec2/securityGroup:SecurityGroup": [
    ...made("CreateSecurityGroup", "security-group", "vpc"),
    // A new group allows everything out: the provider removes that rule.
    ...own("security-group", "RevokeSecurityGroupEgress", "DeleteSecurityGroup"),
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    // AWS makes it without tags. The provider tags it before it removes its rules.
    { action: "ec2:CreateTags", resource: ec2("security-group"), tagged: "new" },
    ...own("security-group", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    ...made("CreateVpcEndpoint", "vpc-endpoint", "vpc", "subnet", "security-group", "route-table"),
    ...own("vpc-endpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"),
    ...["subnet", "security-group", "route-table"].flatMap((kind) => own(kind, "ModifyVpcEndpoint")),
  ],
  "aws:ec2/flowLog:FlowLog": [
    ...made("CreateFlowLogs", "vpc-flow-log", "vpc"),
    ...own("vpc-flow-log", "DeleteFlowLogs"),
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
  "aws:kms/key:Key": [
    { action: "kms:CreateKey", resource: "*", tagged: "new" },
    { action: "kms:TagResource", resource: KEY, tagged: "new" },
    ...[
      "kms:DescribeKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      // The table's grants, which DynamoDB creates in the name of the caller.
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ].map((action) => ({ action, resource: KEY, tagged: "stack" }) as const),
  ],
};

/**
 * The authorizations of the calls for planned resources whose ids AWS assigns.
 *
 * @throws RangeError for a type of EC2 or KMS that the table lacks
 */
export function authorizationsOf(subjects: readonly Subject[]): readonly Authorization[] {
  const types = new Set(subjects.map(({ type }) => type).filter((type) => /^aws:(?:ec2|vpc|kms)\//.test(type)));
  return [...types].flatMap((type) => {
    const calls = CALLS[type];
    if (!calls) throw new RangeError(`${type} has no entry in the table of calls; add what the provider calls for it.`);
    return calls;
  });
}

/** The authorizations to create a tagged resource: itself, its tags, and the resources of the stack to which it belongs. */
function made(action: string, kind: string, ...parents: readonly string[]): Authorization[] {
  const context = { "ec2:CreateAction": action };
  return [
    { action: `ec2:${action}`, resource: ec2(kind), tagged: "new" },
    { action: "ec2:CreateTags", resource: ec2(kind), tagged: "new", context },
    ...parents.flatMap((parent) => own(parent, action)),
  ];
}

function own(kind: string, ...actions: readonly string[]): Authorization[] {
  return actions.map((action) => ({ action: `ec2:${action}`, resource: ec2(kind), tagged: "stack" }));
}

function rule(direction: "Egress" | "Ingress"): Authorization[] {
  const revoke = own("security-group", `RevokeSecurityGroup${direction}`, "ModifySecurityGroupRules");
  return [...made(`AuthorizeSecurityGroup${direction}`, "security-group-rule", "security-group"), ...revoke];
}
