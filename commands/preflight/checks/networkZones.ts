import { DescribeVpcEndpointServicesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { findingsOf, type Finding } from "../finding.js";

const { ok, bad } = findingsOf("zones of the network");

/**
 * Checks that an existing network has subnets in two zones.
 *
 * @param zones the zones of its subnets, see `zonesOf`
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 */
export function subnetZones(zones: readonly string[]): readonly Finding[] {
  if (zones.length > 1) return [ok(`The subnets are in ${zones.join(", ")}.`)];
  const sentence = `All subnets are in ${zones.join(", ")}; SageMaker needs subnets in two zones or more.`;
  return [bad("fault", sentence, "pulumi config set subnetIds SUBNET_IN_ONE_ZONE,SUBNET_IN_ANOTHER")];
}

/**
 * Checks that each zone of the stack's own network offers the interface endpoints that are planned in it.
 *
 * @param planned.services names of the endpoint services, such as `com.amazonaws.us-east-1.sagemaker.runtime`
 * @param planned.zones zones of the network, see `zonesOf`
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServices.html
 */
export async function endpointZones(
  ec2: EC2Client,
  planned: { readonly services: readonly string[]; readonly zones: readonly string[]; readonly region: string },
): Promise<readonly Finding[]> {
  const { services, zones, region } = planned;
  const { ServiceDetails: details = [] } = await ec2.send(
    new DescribeVpcEndpointServicesCommand({ ServiceNames: [...services] }),
  );
  const offers = services.map((service) => {
    const found = details.find(({ ServiceName: name }) => name === service);
    const offered = [...(found?.AvailabilityZones ?? [])].sort();
    return { service, offered, lacking: zones.filter((zone) => !offered.includes(zone)) };
  });
  const incomplete = offers.filter(({ lacking }) => lacking.length > 0);
  if (incomplete.length === 0) return [ok(`The interface endpoints are offered in ${zones.join(", ")}.`)];
  const everywhere = (offers[0]?.offered ?? []).filter((zone) => offers.every(({ offered }) => offered.includes(zone)));
  const fix =
    everywhere.length > 1
      ? `pulumi config set availabilityZones ${everywhere.join(",")}`
      : `pulumi config set aws:region REGION: ${region} does not offer all endpoints in two zones.`;
  return incomplete.map(({ service, offered, lacking }) =>
    bad(
      "fault",
      `${service} is not offered in ${lacking.join(", ")}, only in ${offered.join(", ") || "no zone"}.`,
      fix,
    ),
  );
}
