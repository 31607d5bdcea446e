import { DescribeInstanceTypeOfferingsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { findingsOf, type Finding } from "../finding.js";

/**
 * Looks at where EC2 offers the machine behind an instance type; SageMaker places its hosts there.
 *
 * @param options.instanceType as SageMaker names it: `ml.g6.2xlarge`
 * @param options.zones zones of the stack's network, see `zonesOf`; none where AWS chooses
 * @param options.existing whether that network is there already, so that its subnets choose the zones
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
    const mend = `pulumi config set instanceType TYPE, or pulumi config set aws:region REGION; for others: ${where}`;
    return [bad("fault", `${type} is not offered in ${region}.`, mend)];
  }
  const lacking = zones.filter((zone) => !offered.includes(zone));
  if (lacking.length > 0) {
    const sentence = `${type} is not offered in ${lacking.join(", ")}, only in ${offered.join(", ")}.`;
    const mend = options.existing
      ? "pulumi config set subnetIds SUBNETS, those in zones that have the type."
      : `pulumi config set availabilityZones ${offered.join(",")}`;
    return [bad("fault", sentence, mend)];
  }
  return [ok(`${type} is offered in ${offered.join(", ")}.`)];
}
