import { DescribeAvailabilityZonesCommand, DescribeSubnetsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Settings } from "../settings.js";

/** Number of zones that the program uses where the configuration names none. */
const DEFAULT_ZONES = 2;

/**
 * The zones in which the model's host must be offered: those of an existing network's subnets, those of the
 * configuration, or the first ones of the region, which the program uses.
 *
 * @returns an empty list where the stack has no network, so that SageMaker chooses
 */
export async function zonesOf(ec2: EC2Client, settings: Settings): Promise<readonly string[]> {
  const { isolated, availabilityZones, subnetIds } = settings;
  if (!isolated) return [];
  if (subnetIds.length > 0) {
    const { Subnets: subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }));
    return [...new Set(subnets.flatMap(({ AvailabilityZone: zone }) => zone ?? []))].sort();
  }
  if (availabilityZones.length > 0) return availabilityZones;
  const { AvailabilityZones: zones = [] } = await ec2.send(
    new DescribeAvailabilityZonesCommand({
      Filters: [
        { Name: "state", Values: ["available"] },
        { Name: "opt-in-status", Values: ["opt-in-not-required"] },
      ],
    }),
  );
  return zones
    .flatMap(({ ZoneName: name }) => name ?? [])
    .sort()
    .slice(0, DEFAULT_ZONES);
}
