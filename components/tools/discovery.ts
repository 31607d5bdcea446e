import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";

export interface DiscoveryArgs {
  /** First part of the names of the parameters: `/{prefix}/...`. */
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly functionArn: Input<string>;
  readonly endpointName: Input<string>;
  readonly bucketName: Input<string>;
  readonly jobTableName: Input<string>;
  /** Whether the function is also found at fixed names, which exist once in an account and region. */
  readonly publishLegacyParameters: boolean;
  /** Topics that SageMaker notifies of ended requests. */
  readonly notifications: { readonly successArn: Input<string>; readonly errorArn: Input<string> };
}

/** Parameters in Systems Manager, by which other programs find the service. */
export class Discovery extends ComponentResource {
  constructor(name: string, args: DiscoveryArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:Discovery", name, {}, opts);
    const { prefix, functionArn } = args;
    for (const [path, value] of Object.entries(discoverable(args))) {
      this.parameter(`${name}-${path.replaceAll("/", "-")}`, `/${prefix}/${path}`, value, args);
    }
    for (const path of args.publishLegacyParameters ? LEGACY : []) {
      this.parameter(`${name}-legacy-${path.replaceAll("/", "-")}`, `/${path}`, functionArn, args);
    }
    this.registerOutputs({});
  }

  private parameter(logicalName: string, name: string, value: Input<string>, { tags }: DiscoveryArgs): void {
    new aws.ssm.Parameter(logicalName, { name, type: "String", value, tags }, { parent: this });
  }
}

/** Names, without a prefix, at which deployers of agents look for the function. */
const LEGACY = ["sagemaker-async/lambda-function-arn", "protein-agent/lambda-function-arn"];

/** Value of each parameter by its name after the prefix. Agents of the same project look below `protein-agent`. */
function discoverable(args: DiscoveryArgs): Readonly<Record<string, Input<string>>> {
  return {
    "sagemaker-async/lambda-function-arn": args.functionArn,
    "sagemaker-async/endpoint-name": args.endpointName,
    "sagemaker-async/bucket-name": args.bucketName,
    "sagemaker-async/job-table-name": args.jobTableName,
    "sagemaker-async/success-topic-arn": args.notifications.successArn,
    "sagemaker-async/error-topic-arn": args.notifications.errorArn,
    "protein-agent/lambda-function-arn": args.functionArn,
  };
}
