import { BlockList } from "node:net";
import { text } from "./outputs.js";
import { listed, variantsOf } from "./references.js";
import type { CloudResource, CloudView, NetworkInterface, Rules } from "./cloudState.js";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const FUNCTION = "aws:lambda/function:Function";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const MODEL = "aws:sagemaker/model:Model";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const SUBNET = "aws:ec2/subnet:Subnet";

/**
 * How long an interface remains after its function or endpoint has left, in minutes. Lambda: its service team's 99th
 * percentile, as the provider's source reports it. SageMaker: no documented time; users saw the 15 minutes of the
 * provider and of CloudFormation pass.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_network_interface.go
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/34397
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1327
 */
const REMAINING_MINUTES = { lambda: 35, sagemaker: 45 } as const;

/** The provider's wait for the interfaces of Lambda, in minutes: no shorter timeout is accepted. */
const LEAST_WAIT_FOR_LAMBDA_MINUTES = 45;

/** Lambda and SageMaker delete their interfaces with the role of the function or model. */
const DELETION = "ec2:DeleteNetworkInterface";

/**
 * Network interfaces of Lambda and SageMaker, and what AWS rejects because of them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export const NETWORK_RULES: Readonly<Record<string, Rules>> = {
  [FUNCTION]: { effect: { create: attachFunction, update: attachFunction, delete: leave } },
  [ENDPOINT]: { effect: { create: attachEndpoint, update: attachEndpoint, delete: leave } },
  [MODEL]: { reject: { create: oneZone } },
  [ROLE_POLICY]: { effect: { update: strand, delete: strand } },
  [ROLE]: { effect: { delete: strand } },
  [SUBNET]: {
    reject: {
      create: conflictingRange,
      delete: (cloud, subnet, seconds) => blocked(cloud, subnet, seconds / 60 || 20),
    },
    effect: { delete: removeInterfaces },
  },
  [GROUP]: {
    reject: { delete: (cloud, group, seconds) => blocked(cloud, group, seconds / 60 || 15) },
    effect: { delete: removeInterfaces },
  },
};

function attachFunction(cloud: CloudView, { id, inputs }: CloudResource): void {
  attach(cloud, { user: id, service: "lambda" }, [{ role: inputs["role"], vpcConfig: inputs["vpcConfig"] }]);
}

function attachEndpoint(cloud: CloudView, { id, inputs }: CloudResource): void {
  const configuration = cloud.find(CONFIGURATION, text(inputs["endpointConfigName"]));
  const models = variantsOf(configuration?.inputs["productionVariants"]).flatMap(
    ({ modelName }) => cloud.find(MODEL, text(modelName)) ?? [],
  );
  attach(
    cloud,
    { user: id, service: "sagemaker" },
    models.map((model) => ({ role: model.inputs["executionRoleArn"], vpcConfig: model.inputs["vpcConfig"] })),
  );
}

/** Leaves all interfaces of a function or endpoint, and makes one in each of its subnets. */
function attach(
  cloud: CloudView,
  owner: Pick<NetworkInterface, "user" | "service">,
  placements: readonly { readonly role: unknown; readonly vpcConfig: unknown }[],
): void {
  leave(cloud, { id: owner.user });
  for (const { role, vpcConfig } of placements) {
    const groups = listed(vpcConfig, "securityGroupIds");
    for (const subnet of listed(vpcConfig, "subnetIds", "subnets")) {
      cloud.state.interfaces.push({ ...owner, role: text(role), subnet, groups, use: "in-use" });
    }
  }
}

function leave(cloud: CloudView, { id }: Pick<CloudResource, "id">): void {
  const used = cloud.state.interfaces.filter(({ user, use }) => user === id && use === "in-use");
  for (const left of used) left.use = "left";
  strand(cloud);
}

/** Interfaces that nobody may delete any more stay for ever. */
function strand(cloud: CloudView): void {
  for (const left of cloud.state.interfaces.filter(({ use }) => use === "left")) {
    if (!mayDelete(cloud, left.role)) left.use = "stranded";
  }
}

function mayDelete(cloud: CloudView, roleArn: string): boolean {
  const role = cloud.all(ROLE).find(({ outputs }) => outputs["arn"] === roleArn);
  return cloud
    .all(ROLE_POLICY)
    .filter(({ inputs }) => inputs["role"] === role?.id)
    .flatMap(({ inputs }) => (inputs["policy"] as { readonly Statement: readonly Statement[] }).Statement)
    .some(({ Effect, Action }) => Effect === "Allow" && Action.includes(DELETION));
}

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
}

/** Why a subnet or security group cannot be deleted within the provider's wait: an interface is in it for longer. */
function blocked(cloud: CloudView, { type, id }: CloudResource, waitMinutes: number): string | undefined {
  const inside = within(cloud, id).find(({ use, service }) => {
    const wait = service === "lambda" ? Math.max(waitMinutes, LEAST_WAIT_FOR_LAMBDA_MINUTES) : waitMinutes;
    return use !== "left" || REMAINING_MINUTES[service] > wait;
  });
  if (!inside) return undefined;
  return `deleting ${type} (${id}): DependencyViolation: it has dependencies and cannot be deleted: an interface of ${inside.service} (${inside.user}, ${inside.use})`;
}

/** By the time that a subnet or group can be deleted, its interfaces are gone. */
function removeInterfaces(cloud: CloudView, { id }: CloudResource): void {
  const gone = within(cloud, id);
  cloud.state.interfaces = cloud.state.interfaces.filter((one) => !gone.includes(one));
}

function within({ state }: CloudView, subnetOrGroup: string): NetworkInterface[] {
  return state.interfaces.filter(({ subnet, groups }) => [subnet, ...groups].includes(subnetOrGroup));
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function conflictingRange(cloud: CloudView, { id, inputs }: CloudResource): string | undefined {
  const range = text(inputs["cidrBlock"]);
  const conflict = cloud
    .all(SUBNET)
    .find((other) => other.inputs["vpcId"] === inputs["vpcId"] && overlap(range, text(other.inputs["cidrBlock"])));
  return (
    conflict &&
    `creating EC2 Subnet (${id}): InvalidSubnet.Conflict: The CIDR '${range}' conflicts with another subnet (${conflict.id})`
  );
}

/** Whether two ranges such as `10.0.0.0/20` have an address in common: then one contains the first address of the other. */
function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

function contains(range: string, other: string): boolean {
  const [address = "", prefix = ""] = range.split("/");
  const block = new BlockList();
  block.addSubnet(address, Number(prefix));
  return block.check(other.split("/")[0] ?? "");
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html */
function oneZone(cloud: CloudView, { id, inputs }: CloudResource): string | undefined {
  const subnets = listed(inputs["vpcConfig"], "subnets");
  const zones = new Set(subnets.map((subnet) => cloud.find(SUBNET, subnet)?.inputs["availabilityZone"]));
  return subnets.length > 0 && zones.size < 2
    ? `creating SageMaker Model (${id}): ValidationException: the subnets must be in two different Availability Zones at least`
    : undefined;
}
