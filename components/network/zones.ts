import * as aws from "@pulumi/aws";

/** Number of zones if the zones are not configured: SageMaker needs subnets in two. */
const DEFAULT_ZONES = 2;

/** The first two zones of the region that every account can use. */
export async function defaultZones(): Promise<readonly string[]> {
  const ordinary = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
  const { names } = await aws.getAvailabilityZones({ state: "available", filters: ordinary });
  return names.slice(0, DEFAULT_ZONES);
}
