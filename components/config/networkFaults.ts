import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type NetworkSettings = Partial<
  Pick<StackSettings, "network" | "availabilityZones" | "vpcId" | "subnetIds" | "securityGroupIds" | "flowLogs">
>;

/** Examples of the parts of an existing network, for the commands that set them. */
const EXAMPLES = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: "subnet-0123456789abcdef0",
  securityGroupIds: "sg-0123456789abcdef0",
};

/** Faults between the keys of the network: keys that need another key, and keys that exclude one. */
export function networkFaults(settings: NetworkSettings): ConfigFault[] {
  const { network = "none", availabilityZones = [], vpcId = "", subnetIds = [], securityGroupIds = [] } = settings;
  const existing = { vpcId, subnetIds: subnetIds.join(","), securityGroupIds: securityGroupIds.join(",") };
  const logs = settings.flowLogs === true ? "true" : "";
  const given = { ...existing, availabilityZones: availabilityZones.join(","), flowLogs: logs };
  const set = Object.entries(given).filter(([, value]) => value !== "");
  if (network === "none") {
    return set.map(([key, value]) =>
      fault(key, value, "allowed only with network isolated", setCommand("network", "isolated")),
    );
  }
  if (Object.values(existing).every((value) => value === "")) {
    if (availabilityZones.length !== 1) return [];
    const problem = `${twoNeeded("zones")}; empty takes the first two`;
    return [fault("availabilityZones", given.availabilityZones, problem, removeCommand("availabilityZones"))];
  }
  const missing = Object.entries(EXAMPLES).filter(([key]) => existing[key as keyof typeof EXAMPLES] === "");
  const faults = missing.map(([key, example]) =>
    fault(key, "", "vpcId, subnetIds and securityGroupIds are allowed only together", setCommand(key, example)),
  );
  if (subnetIds.length === 1) {
    const two = setCommand("subnetIds", `${existing.subnetIds},${EXAMPLES.subnetIds}`);
    faults.push(fault("subnetIds", existing.subnetIds, twoNeeded("subnets"), two));
  }
  const excluded = {
    availabilityZones: "the subnets of an existing VPC have their zones",
    flowLogs: "the flow logs of an existing VPC belong to its owner",
  } as const;
  for (const [key, reason] of Object.entries(excluded)) {
    const value = given[key as keyof typeof excluded];
    if (value !== "") faults.push(fault(key, value, `allowed only without vpcId: ${reason}`, removeCommand(key)));
  }
  return faults;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html */
function twoNeeded(names: "zones" | "subnets"): string {
  return `allowed are two ${names} or more, because SageMaker needs subnets in two zones`;
}

function fault(key: string, value: string, problem: string, fix: string): ConfigFault {
  return { key, value, problem, fix };
}
