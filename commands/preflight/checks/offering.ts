import { DescribeInstanceTypeOfferingsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { findingsOf, type Finding } from "../finding.js";

/**
 * Checks where EC2 offers the machine behind an instance type: SageMaker runs its hosts there.
 *
 * @param options.instanceType as SageMaker names it: `ml.g6.2xlarge`
 * @param options.zones zones of the stack's network, see `zonesOf`; empty where AWS chooses
 * @param options.existing whether the network exists already, so that its subnets decide the zones
 */
export async function offering(
  ec2: EC2Client,
  options: {
    readonly instanceType: string;
    readonly zones: readonly string[];
    readonly existing: boolean;
    readonly region: string;
  },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("instance type offered");
  const { zones, region } = options;
  const type = options.instanceType.replace(/^ml\./, "");
  const { InstanceTypeOfferings: offerings = [] } = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: [type] }],
    }),
  );
  const offered = offerings.flatMap(({ Location: zone }) => zone ?? []).sort();
  const where =
    `aws ec2 describe-instance-type-offerings --location-type availability-zone ` +
    `--filters Name=instance-type,Values=${type} --region ${region}`;
  if (offered.length === 0) {
    const fix = `pulumi config set instanceType TYPE, or pulumi config set aws:region REGION; for others: ${where}`;
    return [bad("fault", `${type} is not offered in ${region}.`, fix)];
  }
  const lacking = zones.filter((zone) => !offered.includes(zone));
  if (lacking.length > 0) {
    const sentence = `${type} is not offered in ${lacking.join(", ")}, only in ${offered.join(", ")}.`;
    const fix = options.existing
      ? "pulumi config set subnetIds SUBNETS, with subnets in zones that have the type."
      : `pulumi config set availabilityZones ${offered.join(",")}`;
    return [bad("fault", sentence, fix)];
  }
  return [ok(`${type} is offered in ${offered.join(", ")}.`)];
}
