import * as aws from "@pulumi/aws";

/** Number of zones if the zones are not configured: SageMaker needs subnets in two. */
const DEFAULT_ZONES = 2;

/** The first two zones of the region that every account can use. */
export async function defaultZones(): Promise<readonly string[]> {
  const ordinary = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
  const { names } = await aws.getAvailabilityZones({ state: "available", filters: ordinary });
  return names.slice(0, DEFAULT_ZONES);
}

/**
 * Address range of the subnet in a zone. Name and range follow from the zone alone: with other zones, a new subnet exists
 * beside the old ones. Ranges are taken from the end of the VPC's, because version 0.1 took them from its beginning.
 *
 * @param letter last letter of the zone, `a` to `z`
 */
export function subnetRange(letter: string): string {
  return `10.0.${248 - 8 * (letter.charCodeAt(0) - "a".charCodeAt(0))}.0/21`;
}
