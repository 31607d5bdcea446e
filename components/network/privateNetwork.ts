import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { genomeReading } from "../shared/genomeFolders.js";
import { endpointAccess, type NetworkPlacement } from "../shared/placement.js";
import { callableModels, type NamedVersion } from "../shared/modelVersions.js";
import { endpointArn, type Place } from "../shared/place.js";
import { ANSWER_TASKS, RUN_WORKFLOWS } from "../shared/policies.js";
import { folderReading, s3Folder } from "../shared/s3Location.js";
import { interfaceEndpoint } from "./interfaceEndpoint.js";
import { flowLogs, type FlowLogsArgs } from "./flowLogs.js";
import { subnetRange } from "./zones.js";
import { closedGroup, allowCall, allowCallToGateway } from "./securityGroups.js";

/** Address range of the VPC. */
const CIDR = "10.0.0.0/16";

/**
 * How long the provider tries to delete a subnet or security group with network interfaces in it. Lambda deletes its
 * interfaces up to 35 minutes after the function has left, SageMaker at no documented time.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/34397
 */
const INTERFACES_GONE = { delete: "90m" };

export interface PrivateNetworkArgs extends FlowLogsArgs {
  /** Whether the metadata of the traffic is recorded. */
  readonly flowLogs: boolean;
  /** Zones with the instance type, two or more. */
  readonly availabilityZones: readonly string[];
  /** The policies with which Lambda and SageMaker delete their network interfaces: deleted after the network. */
  readonly networkPolicies: Output<Resource[]>;
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  /** Weights that the model reads from S3; empty for none. */
  readonly modelDataUrl: string;
  /** Folders that genomes are read from; empty for none. */
  readonly genomeSources: readonly string[];
  /** Whether the result store deletes files that it has merged. */
  readonly resultsCatalog: boolean;
  /** ARN of the queue that functions send to; undefined for none. */
  readonly sentQueueArn: Input<string> | undefined;
  /** Whether functions answer the tasks of the state machine of scans. */
  readonly scan: boolean;
  /** Whether functions start and stop workflows, and answer their tasks. */
  readonly evidence: boolean;
  /** Whether there is an HTTP API, which only this network can call. */
  readonly api: boolean;
  /** Name of the endpoint that the functions may call. */
  readonly endpointName: string;
  /** Model versions beside `base`, whose endpoints the functions may call too, and the weights that they read. */
  readonly versions: readonly (NamedVersion & { readonly modelDataUrl: string })[];
  /** Name of the parameter that says which version is active. */
  readonly modelPointer: string;
  /** Whether a function changes that parameter. */
  readonly modelGuard: boolean;
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
  readonly vpcId: Output<string>;

  constructor(name: string, args: PrivateNetworkArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:PrivateNetwork", name, {}, opts);
    const vpc = this.vpc(name, args);
    const { subnets, routeTable } = this.subnets(name, vpc, args);
    const groups = this.groups(name, vpc, args);
    const gateways = this.gateways(name, vpc, routeTable, args);
    this.interfaces(name, { vpc, subnets, groups }, args);
    this.rules(name, groups, gateways, args);
    if (args.flowLogs) flowLogs(this, name, vpc.id, args);
    const subnetIds = subnets.map(({ id }) => id);
    this.vpcId = vpc.id;
    this.tools = { subnetIds, securityGroupIds: [groups.tools.id] };
    this.model = { subnetIds, securityGroupIds: [groups.model.id] };
    this.registerOutputs({ vpcId: this.vpcId });
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
    const subnets = args.availabilityZones.map((availabilityZone) => {
      const letter = availabilityZone.slice(-1);
      const subnet = new aws.ec2.Subnet(
        `${name}-subnet-${letter}`,
        { vpcId: vpc.id, availabilityZone, cidrBlock: subnetRange(letter), tags: args.tags },
        this.heldByInterfaces(args),
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-subnet-${letter}-routes`,
        { subnetId: subnet.id, routeTableId: routeTable.id },
        { parent: this },
      );
      return subnet;
    });
    return { subnets, routeTable };
  }

  /** Options of what holds network interfaces: deleted when they are gone, and before the right to delete them. */
  private heldByInterfaces({ networkPolicies }: PrivateNetworkArgs): CustomResourceOptions {
    return { parent: this, dependsOn: networkPolicies, customTimeouts: INTERFACES_GONE };
  }

  private groups(name: string, { id: vpcId }: aws.ec2.Vpc, args: PrivateNetworkArgs): Groups {
    const group = (part: string, description: string, options: CustomResourceOptions): aws.ec2.SecurityGroup =>
      closedGroup(`${name}-${part}-group`, { vpcId, description, tags: args.tags }, options);
    return {
      tools: group("tools", "The tools' function", this.heldByInterfaces(args)),
      model: group("model", "The model's container", this.heldByInterfaces(args)),
      services: group("services", "Interface endpoints of AWS services", { parent: this }),
    };
  }

  private gateways(name: string, vpc: aws.ec2.Vpc, routeTable: aws.ec2.RouteTable, args: PrivateNetworkArgs): Gateways {
    const { place, bucketArn, tableArn, genomeSources, resultsCatalog, tags } = args;
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
    const folders = [args, ...args.versions].flatMap(({ modelDataUrl }) => s3Folder(modelDataUrl) ?? []);
    const objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"];
    if (resultsCatalog) objects.push("s3:DeleteObject");
    const items = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"];
    return {
      s3: gateway(
        "s3",
        endpointAccess(
          place,
          objects,
          [bucketArn, interpolate`${bucketArn}/*`],
          [
            // The ids of statements are unique in a policy.
            ...folders.flatMap((folder, index) =>
              folderReading(folder, place).map((grant) => ({ ...grant, sid: `${grant.sid}${index || ""}` })),
            ),
            ...genomeReading(genomeSources, place),
          ],
        ),
      ),
      dynamodb: gateway("dynamodb", endpointAccess(place, items, [tableArn, interpolate`${tableArn}/index/*`])),
    };
  }

  private interfaces(
    name: string,
    { vpc, subnets, groups }: { vpc: aws.ec2.Vpc; subnets: aws.ec2.Subnet[]; groups: Groups },
    args: PrivateNetworkArgs,
  ): void {
    const { place, endpointName, sentQueueArn, tags } = args;
    const models = callableModels(args);
    const of = { place, vpcId: vpc.id, subnets, tags };
    const reachable = (service: string, actions: string[], ...resources: Input<string>[]): aws.ec2.VpcEndpoint =>
      interfaceEndpoint(this, name, { ...of, group: groups.services, service, actions, resources });
    for (const [part, action] of Object.entries(SAGEMAKER_CALLS)) {
      const endpoints = [endpointArn(endpointName, place), ...(models?.endpointArns ?? [])];
      reachable(`sagemaker.${part}`, [action], ...endpoints);
    }
    const pointing = args.modelGuard ? ["ssm:GetParameter", "ssm:PutParameter"] : ["ssm:GetParameter"];
    if (models) reachable("ssm", pointing, models.pointerArn);
    if (sentQueueArn !== undefined) reachable("sqs", ["sqs:SendMessage"], sentQueueArn);
    // Only the token says which task is answered, and executions are named by their machine: the roles say which.
    if (args.evidence) reachable("states", [...ANSWER_TASKS, ...RUN_WORKFLOWS], "*");
    else if (args.scan) reachable("states", ANSWER_TASKS, "*");
    if (!args.api) return;
    // Without rules: its owner lets in the callers, which the stack does not know.
    const description = "Callers of the HTTP API";
    const group = closedGroup(`${name}-api-group`, { vpcId: vpc.id, description, tags }, { parent: this });
    interfaceEndpoint(this, name, {
      ...of,
      group,
      service: "execute-api",
      actions: ["execute-api:Invoke"],
      resources: [anyApi(place)],
    });
  }

  private rules(name: string, groups: Groups, { s3, dynamodb }: Gateways, { tags }: PrivateNetworkArgs): void {
    const { tools, model, services } = groups;
    allowCall(this, `${name}-tools-to-services`, { caller: tools, called: services, tags });
    allowCallToGateway(this, `${name}-tools-to-s3`, { caller: tools, gateway: s3, tags });
    allowCallToGateway(this, `${name}-tools-to-dynamodb`, { caller: tools, gateway: dynamodb, tags });
    allowCallToGateway(this, `${name}-model-to-s3`, { caller: model, gateway: s3, tags });
  }
}

/** The HTTP API gets its id after the network exists: each API of the account. */
function anyApi({ account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:execute-api:${region}:${account}:*`;
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
