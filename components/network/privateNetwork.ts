import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { endpointAccess, type NetworkPlacement } from "../shared/placement.js";
import { endpointArn, type Place } from "../shared/place.js";
import { closedGroup, allowCall, allowCallToGateway } from "./securityGroups.js";

/** Address range of the VPC. */
const CIDR = "10.0.0.0/16";

/** Number of zones if the zones are not configured. */
const DEFAULT_ZONES = 2;

export interface PrivateNetworkArgs {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Zones with the instance type; empty for the first two zones of the region. */
  readonly availabilityZones: readonly string[];
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  /** Name of the only endpoint that the tools' function may call. */
  readonly endpointName: string;
}

/**
 * A network without a route to the internet: private subnets, gateway endpoints for S3 and DynamoDB, and interface
 * endpoints for the two APIs of SageMaker that the tools' function calls. Each VPC endpoint is limited to resources of
 * this stack. Logs, traces and the image do not pass through the VPC and need no VPC endpoint.
 */
export class PrivateNetwork extends ComponentResource {
  /** Placement of the tools' function. */
  readonly tools: NetworkPlacement;
  /** Placement of the model. */
  readonly model: NetworkPlacement;

  constructor(name: string, args: PrivateNetworkArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:PrivateNetwork", name, {}, opts);
    const vpc = this.vpc(name, args);
    const { subnets, routeTable } = this.subnets(name, vpc, args);
    const groups = this.groups(name, vpc, args);
    const gateways = this.gateways(name, vpc, routeTable, args);
    this.interfaces(name, { vpc, subnets, group: groups.services }, args);
    this.rules(name, groups, gateways, args);
    const subnetIds = subnets.map(({ id }) => id);
    this.tools = { subnetIds, securityGroupIds: [groups.tools.id] };
    this.model = { subnetIds, securityGroupIds: [groups.model.id] };
    this.registerOutputs({ vpcId: vpc.id });
  }

  private vpc(name: string, { tags }: PrivateNetworkArgs): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: CIDR, enableDnsSupport: true, enableDnsHostnames: true, tags: { ...tags, Name: name } },
      { parent: this },
    );
    // By default, the members of this group may call each other and the internet. Without rules it allows nothing.
    new aws.ec2.DefaultSecurityGroup(`${name}-default-group`, { vpcId: vpc.id, tags }, { parent: this });
    return vpc;
  }

  private subnets(name: string, vpc: aws.ec2.Vpc, args: PrivateNetworkArgs): Subnets {
    const routeTable = new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, tags: args.tags }, { parent: this });
    const subnets = this.zones(args).map((availabilityZone, index) => {
      const subnet = new aws.ec2.Subnet(
        `${name}-subnet-${index + 1}`,
        { vpcId: vpc.id, availabilityZone, cidrBlock: `10.0.${index * 16}.0/20`, tags: args.tags },
        { parent: this },
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-subnet-${index + 1}-routes`,
        { subnetId: subnet.id, routeTableId: routeTable.id },
        { parent: this },
      );
      return subnet;
    });
    return { subnets, routeTable };
  }

  private zones({ availabilityZones }: PrivateNetworkArgs): Input<string>[] {
    if (availabilityZones.length > 0) return [...availabilityZones];
    const ordinary = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    const { names } = aws.getAvailabilityZonesOutput({ state: "available", filters: ordinary }, { parent: this });
    return Array.from({ length: DEFAULT_ZONES }, (_, index) => names.apply((zones) => zones[index] ?? ""));
  }

  private groups(name: string, { id: vpcId }: aws.ec2.Vpc, { tags }: PrivateNetworkArgs): Groups {
    const group = (part: string, description: string): aws.ec2.SecurityGroup =>
      closedGroup(this, `${name}-${part}-group`, { vpcId, description, tags });
    return {
      tools: group("tools", "The tools' function"),
      model: group("model", "The model's container"),
      services: group("services", "Interface endpoints of AWS services"),
    };
  }

  private gateways(
    name: string,
    vpc: aws.ec2.Vpc,
    routeTable: aws.ec2.RouteTable,
    { place, bucketArn, tableArn, tags }: PrivateNetworkArgs,
  ): Gateways {
    const gateway = (service: string, policy: Output<string>): aws.ec2.VpcEndpoint =>
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: vpc.id,
          serviceName: interpolate`com.amazonaws.${place.region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds: [routeTable.id],
          policy,
          tags,
        },
        { parent: this },
      );
    const objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"];
    const items = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"];
    return {
      s3: gateway("s3", endpointAccess(place, objects, [bucketArn, interpolate`${bucketArn}/*`])),
      dynamodb: gateway("dynamodb", endpointAccess(place, items, [tableArn, interpolate`${tableArn}/index/*`])),
    };
  }

  private interfaces(
    name: string,
    { vpc, subnets, group }: { vpc: aws.ec2.Vpc; subnets: aws.ec2.Subnet[]; group: aws.ec2.SecurityGroup },
    { place, endpointName, tags }: PrivateNetworkArgs,
  ): void {
    const { region, reverseDnsPrefix } = place;
    for (const [part, action] of Object.entries(SAGEMAKER_CALLS)) {
      new aws.ec2.VpcEndpoint(
        `${name}-sagemaker-${part}`,
        {
          vpcId: vpc.id,
          serviceName: interpolate`${reverseDnsPrefix}.${region}.sagemaker.${part}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: subnets.map(({ id }) => id),
          securityGroupIds: [group.id],
          policy: endpointAccess(place, [action], [endpointArn(endpointName, place)]),
          tags,
        },
        { parent: this },
      );
    }
  }

  private rules(name: string, groups: Groups, { s3, dynamodb }: Gateways, { tags }: PrivateNetworkArgs): void {
    const { tools, model, services } = groups;
    allowCall(this, `${name}-tools-to-services`, { caller: tools, called: services, tags });
    allowCallToGateway(this, `${name}-tools-to-s3`, { caller: tools, gateway: s3, tags });
    allowCallToGateway(this, `${name}-tools-to-dynamodb`, { caller: tools, gateway: dynamodb, tags });
    allowCallToGateway(this, `${name}-model-to-s3`, { caller: model, gateway: s3, tags });
  }
}

/** The action of SageMaker that the tools' function calls, by API. */
const SAGEMAKER_CALLS = { api: "sagemaker:DescribeEndpoint", runtime: "sagemaker:InvokeEndpointAsync" } as const;

interface Subnets {
  readonly subnets: aws.ec2.Subnet[];
  readonly routeTable: aws.ec2.RouteTable;
}

interface Groups {
  readonly tools: aws.ec2.SecurityGroup;
  readonly model: aws.ec2.SecurityGroup;
  readonly services: aws.ec2.SecurityGroup;
}

interface Gateways {
  readonly s3: aws.ec2.VpcEndpoint;
  readonly dynamodb: aws.ec2.VpcEndpoint;
}
