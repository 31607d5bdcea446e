import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { TOOLS_ENVIRONMENT, type ToolsEnvironment } from "../../contract/environment.js";
import { BUNDLE_HANDLER, functionBundle } from "../shared/functionBundle.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionInterfaces, type NetworkPlacement } from "../shared/placement.js";
import { endpointArn, type Place } from "../shared/place.js";
import { serviceRole, type RoleRules, type ServiceRole } from "../shared/serviceRole.js";
import { TOOLS_ENTRY } from "./functionCode.js";
import { toolsPolicy } from "./toolsPolicy.js";

export interface VariantToolsArgs extends RoleRules {
  /** Name of the function, fixed in advance so that its log group can be created before it. */
  readonly functionName: string;
  /** ARN of an existing role of the function, used as it is; empty makes one. */
  readonly functionRoleArn: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Name of the endpoint, known before it exists: the function may call it. */
  readonly endpointName: string;
  /** The endpoint itself: the function is updated after it. */
  readonly endpoint: { readonly endpointName: Input<string> };
  readonly bucket: { readonly bucketName: Input<string>; readonly bucketArn: Input<string> };
  readonly ledger: { readonly tableName: Input<string>; readonly tableArn: Input<string> };
  /** Id of the model, recorded with each job. */
  readonly modelId: string;
  /** Revision of the model, recorded with each job. */
  readonly modelRevision: string;
  /** The version of weights and code together. */
  readonly modelVersion: Input<string>;
  /**
   * Network in which the function runs.
   *
   * @default the network of Lambda
   */
  readonly placement?: NetworkPlacement | undefined;
  /** Days that a job is kept in the ledger. */
  readonly jobRetentionDays: number;
  /** Requests that one instance of the endpoint processes at the same time. */
  readonly maxConcurrentInvocations: number;
  /** How long one invocation of the model may take, in seconds. */
  readonly maxInvocationSeconds: number;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of logs, requests, results and jobs.
   *
   * @default the keys of the services
   */
  readonly keyArn?: Input<string>;
  /** Memory in MB, 128 to 10240. */
  readonly lambdaMemoryMb: number;
  /** Timeout in seconds, 3 to 900. */
  readonly lambdaTimeoutSeconds: number;
  /** Reserved concurrent executions; -1 reserves none. */
  readonly lambdaReservedConcurrency: number;
}

/** The Lambda function of the tools, which people and agents call: role, log group, function. */
export class VariantTools extends ComponentResource {
  readonly functionName: Output<string>;
  readonly functionArn: Output<string>;
  /** Policies on which the function's network depends, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: VariantToolsArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:VariantTools", name, {}, opts);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(args.functionName), args);
    const role = this.role(name, args, logs);
    const tools = this.function(name, args, role.arn, logs);
    this.functionName = tools.name;
    this.functionArn = tools.arn;
    this.networkPolicies = role.networkPolicies;
    this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });
  }

  private role(name: string, args: VariantToolsArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    const { account, partition, region } = args.place;
    return serviceRole(this, name, {
      ...args,
      existingArn: args.functionRoleArn,
      service: "lambda.amazonaws.com",
      // AWS's guide to Lambda shows no such condition; roles of deployed functions have it.
      // @see https://github.com/aws-samples/aws2tf/pull/172
      sourceArn: interpolate`arn:${partition}:lambda:${region}:${account}:function:${args.functionName}`,
      policy: toolsPolicy({
        bucketArn: args.bucket.bucketArn,
        endpointArn: endpointArn(args.endpointName, args.place),
        tableArn: args.ledger.tableArn,
        logGroupArn: logs.arn,
      }),
      attachment: args.placement ? functionInterfaces(args.place, args.functionName) : [],
    });
  }

  private function(
    name: string,
    args: VariantToolsArgs,
    role: Output<string>,
    logs: aws.cloudwatch.LogGroup,
  ): aws.lambda.Function {
    return new aws.lambda.Function(
      `${name}-function`,
      {
        name: args.functionName,
        description: "Scores protein variants: invoke_endpoint, get_results",
        runtime: "nodejs22.x",
        // A fifth cheaper than x86-64; the bundle has no native code.
        architectures: ["arm64"],
        handler: BUNDLE_HANDLER,
        code: functionBundle(TOOLS_ENTRY),
        role,
        memorySize: args.lambdaMemoryMb,
        timeout: args.lambdaTimeoutSeconds,
        ...(args.lambdaReservedConcurrency < 0 ? {} : { reservedConcurrentExecutions: args.lambdaReservedConcurrency }),
        environment: { variables: toolsEnvironment(args) },
        ...vpcConfig(args.placement),
        tracingConfig: { mode: "Active" },
        // Text, because the function itself writes JSON and embedded metrics.
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

function vpcConfig(placement: NetworkPlacement | undefined): Pick<aws.lambda.FunctionArgs, "vpcConfig"> {
  if (!placement) return {};
  const { subnetIds, securityGroupIds } = placement;
  return { vpcConfig: { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] } };
}

/** The environment of the function: names and settings of its stack. */
function toolsEnvironment(args: VariantToolsArgs): Record<keyof ToolsEnvironment, Input<string>> {
  return {
    [TOOLS_ENVIRONMENT.endpointName]: args.endpoint.endpointName,
    [TOOLS_ENVIRONMENT.bucketName]: args.bucket.bucketName,
    [TOOLS_ENVIRONMENT.jobTableName]: args.ledger.tableName,
    [TOOLS_ENVIRONMENT.modelId]: args.modelId,
    [TOOLS_ENVIRONMENT.modelRevision]: args.modelRevision,
    [TOOLS_ENVIRONMENT.modelVersion]: args.modelVersion,
    [TOOLS_ENVIRONMENT.jobRetentionDays]: String(args.jobRetentionDays),
    [TOOLS_ENVIRONMENT.maxConcurrentInvocations]: String(args.maxConcurrentInvocations),
    [TOOLS_ENVIRONMENT.maxInvocationSeconds]: String(args.maxInvocationSeconds),
    [TOOLS_ENVIRONMENT.functionTimeoutSeconds]: String(args.lambdaTimeoutSeconds),
  };
}
