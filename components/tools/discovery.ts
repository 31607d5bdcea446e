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
  /** Topics that SageMaker notifies of ended requests. */
  readonly notifications: { readonly successArn: Input<string>; readonly errorArn: Input<string> };
}

/** Parameters in Systems Manager, by which other programs find the service. */
export class Discovery extends ComponentResource {
  constructor(name: string, args: DiscoveryArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:Discovery", name, {}, opts);
    for (const [path, value] of Object.entries(discoverable(args))) this.parameter(name, path, value, args);
    this.registerOutputs({});
  }

  private parameter(name: string, path: string, value: Input<string>, { prefix, tags }: DiscoveryArgs): void {
    new aws.ssm.Parameter(
      `${name}-${path.replaceAll("/", "-")}`,
      { name: `/${prefix}/${path}`, type: "String", value, tags },
      { parent: this },
    );
  }
}

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
