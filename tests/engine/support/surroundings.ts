import { requiredPolicies } from "../../../commands/plan/requiredPolicies.js";
import { stackConfig } from "../../../local/program/stackConfig.js";
import { PLACE } from "../provider/outputs.js";
import type { Deployment } from "./deployment.js";

/** Endings of the logical names of what exists in the cloud outside of the stack. */
export const SURROUNDINGS = ["their-vpc", "vep-endpoint", "vep-tools"];

/** Two roles of somebody else, see {@link addRoles}. */
export const EXISTING_ROLES = {
  executionRoleArn: `arn:aws:iam::${PLACE.account}:role/vep-endpoint`,
  functionRoleArn: `arn:aws:iam::${PLACE.account}:role/vep-tools`,
};

/** Creates the roles, with the policies that the plan prints, without the stack: as a platform team does. */
export async function addRoles({ cloud, stackName }: Deployment): Promise<void> {
  const config = stackConfig({ stack: stackName, overrides: EXISTING_ROLES });
  for (const { roleArn, trust, policy } of await requiredPolicies(stackName, config, PLACE.region)) {
    const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    cloud.create({ type: "aws:iam/role:Role", name, inputs: { name, assumeRolePolicy: trust } });
    cloud.create({ type: "aws:iam/rolePolicy:RolePolicy", name, inputs: { name, role: name, policy } });
  }
  cloud.calls.splice(0);
}

/** The ids of a VPC of somebody else, see {@link addNetwork}. */
export const EXISTING_NETWORK = {
  vpcId: "vpc-01234567",
  subnetIds: "subnet-01234567,subnet-12345678",
  securityGroupIds: "sg-01234567",
};

/** Creates a security group and two subnets in a VPC, without the stack. */
export function addNetwork({ cloud }: Deployment, zones: readonly string[]): void {
  const { vpcId, subnetIds, securityGroupIds } = EXISTING_NETWORK;
  const place = (type: string, id: string, availabilityZone?: string): void => {
    const inputs = { vpcId, availabilityZone };
    cloud.add({ type, id, name: "their-vpc", inputs, outputs: inputs });
  };
  place("aws:ec2/securityGroup:SecurityGroup", securityGroupIds);
  for (const [index, subnet] of subnetIds.split(",").entries()) {
    place("aws:ec2/subnet:Subnet", subnet, zones[index]);
  }
}
