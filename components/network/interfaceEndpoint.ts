import * as aws from "@pulumi/aws";
import { interpolate, type ComponentResource, type Input } from "@pulumi/pulumi";
import { endpointAccess } from "../shared/placement.js";
import type { Place } from "../shared/place.js";

export interface InterfaceEndpointArgs {
  readonly place: Place;
  readonly vpcId: Input<string>;
  readonly subnets: readonly aws.ec2.Subnet[];
  /** Security group of the endpoint, which says who can call it. */
  readonly group: aws.ec2.SecurityGroup;
  /** Last part of the name of the service, such as `sqs`. */
  readonly service: string;
  /** The only actions that can be called through the endpoint, on the only resources. */
  readonly actions: string[];
  readonly resources: Input<string>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** An interface endpoint: the address of a service within a VPC. */
export function interfaceEndpoint(
  parent: ComponentResource,
  name: string,
  { place, vpcId, subnets, group, service, actions, resources, tags }: InterfaceEndpointArgs,
): aws.ec2.VpcEndpoint {
  return new aws.ec2.VpcEndpoint(
    `${name}-${service.replace(".", "-")}`,
    {
      vpcId,
      serviceName: interpolate`${place.reverseDnsPrefix}.${place.region}.${service}`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: subnets.map(({ id }) => id),
      securityGroupIds: [group.id],
      policy: endpointAccess(place, actions, resources),
      tags,
    },
    { parent },
  );
}
