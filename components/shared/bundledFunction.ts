import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { BUNDLE_HANDLER, functionBundle } from "./functionBundle.js";
import type { NetworkPlacement } from "./placement.js";

export interface BundledFunctionArgs {
  /** Name of the function, fixed in advance so that its log group can be created before it. */
  readonly functionName: string;
  readonly description: string;
  /** Path of the entry from the root of the project, such as `lambda/tools/index.ts`. */
  readonly entry: string;
  readonly role: Input<string>;
  readonly logs: aws.cloudwatch.LogGroup;
  readonly environment: Readonly<Record<string, Input<string>>>;
  /** Memory in MB, 128 to 10240. */
  readonly memoryMb: number;
  /** Timeout in seconds, 1 to 900. */
  readonly timeoutSeconds: number;
  /**
   * Reserved concurrent executions; -1 reserves none.
   *
   * @default -1
   */
  readonly reservedConcurrency?: number;
  /**
   * Network in which the function runs.
   *
   * @default the network of Lambda
   */
  readonly placement?: NetworkPlacement | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A Lambda function of one bundle: traced, with its own log group. */
export function bundledFunction(
  parent: ComponentResource,
  name: string,
  args: BundledFunctionArgs,
): aws.lambda.Function {
  const { reservedConcurrency = -1 } = args;
  return new aws.lambda.Function(
    name,
    {
      name: args.functionName,
      description: args.description,
      runtime: "nodejs22.x",
      // A fifth cheaper than x86-64; the bundle has no native code.
      architectures: ["arm64"],
      handler: BUNDLE_HANDLER,
      code: functionBundle(args.entry),
      role: args.role,
      memorySize: args.memoryMb,
      timeout: args.timeoutSeconds,
      ...(reservedConcurrency < 0 ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      environment: { variables: args.environment },
      ...vpcConfig(args.placement),
      tracingConfig: { mode: "Active" },
      // Text, because the function itself writes JSON and embedded metrics.
      loggingConfig: { logFormat: "Text", logGroup: args.logs.name },
      tags: args.tags,
    },
    { parent },
  );
}

function vpcConfig(placement: NetworkPlacement | undefined): Pick<aws.lambda.FunctionArgs, "vpcConfig"> {
  if (!placement) return {};
  const { subnetIds, securityGroupIds } = placement;
  return { vpcConfig: { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] } };
}
