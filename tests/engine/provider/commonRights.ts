import { PLACE } from "./outputs.js";

/** An action on a resource, with the condition keys of the request beyond those of every request. */
export type Right = readonly [action: string, resource: string, context?: Readonly<Record<string, string>>];

const { account, region } = PLACE;

/** The ARN of a resource of the account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** Interfaces have no name in advance: the right is checked for all of the account and region. */
const INTERFACES = arn("ec2", "network-interface/*");

/** Rights that Lambda needs for a function in a network, see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
export const FUNCTION_INTERFACES: readonly Right[] = [
  ...["AssignPrivateIpAddresses", "CreateNetworkInterface", "DeleteNetworkInterface", "UnassignPrivateIpAddresses"].map(
    (action): Right => [`ec2:${action}`, INTERFACES],
  ),
  ["ec2:DescribeNetworkInterfaces", "*"],
  ["ec2:DescribeSubnets", "*"],
];

/** Rights that SageMaker needs for a model in a network, see the page of the execution role. */
export const MODEL_INTERFACES: readonly Right[] = [
  ...[
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "DeleteNetworkInterface",
    "DeleteNetworkInterfacePermission",
  ].map((action): Right => [`ec2:${action}`, INTERFACES]),
  ...["DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs"].map((what): Right => [
    `ec2:Describe${what}`,
    "*",
  ]),
];

/** The right to pull an image, see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-pull.html */
export function pulling(image: string): Right[] {
  const [, registry = "", zone = "", repository = ""] =
    /^(\d{12})\.dkr\.ecr\.([^.]+)\.amazonaws\.com\/([^@:]+)/.exec(image) ?? [];
  const actions = ["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"];
  return [
    ["ecr:GetAuthorizationToken", "*"],
    ...actions.map((action): Right => [`ecr:${action}`, `arn:aws:ecr:${zone}:${registry}:repository/${repository}`]),
  ];
}

/** The right to write one stream of a log group. */
export function logging(group: string): Right[] {
  const stream = arn("logs", `log-group:${group}:log-stream:1`);
  return [
    ["logs:CreateLogStream", stream],
    ["logs:PutLogEvents", stream],
  ];
}

/** The right to use a key through a service, on behalf of a role of the account. */
export function keyUse(keyArn: string, service: string, actions: readonly string[]): Right[] {
  const context = { "kms:ViaService": `${service}.${region}.amazonaws.com`, "kms:CallerAccount": account };
  return actions.map((action) => [action, keyArn, context]);
}
