import type * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { API_ENVIRONMENT, FASTA_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { jobEnvironment, type JobEnvironmentArgs } from "../shared/jobEnvironment.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import type { NetworkPlacement } from "../shared/placement.js";
import { callableModels, type NamedVersion } from "../shared/modelVersions.js";
import { endpointArn, type Place } from "../shared/place.js";
import type { RoleRules, ServiceRole } from "../shared/serviceRole.js";
import { TOOLS_ENTRY } from "../shared/functionEntries.js";
import { toolsPolicy } from "./toolsPolicy.js";

export interface VariantToolsArgs extends RoleRules, JobEnvironmentArgs {
  /** Name of the function, fixed in advance so that its log group can be created before it. */
  readonly functionName: string;
  /** ARN of an existing role of the function, used as it is; empty makes one. */
  readonly functionRoleArn: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Model versions beside `base`. */
  readonly versions: readonly NamedVersion[];
  /** Name of the parameter that says which version is active. */
  readonly modelPointer: string;
  /** Name of the endpoint, known before it exists: the function may call it. */
  readonly endpointName: string;
  /**
   * Network in which the function runs.
   *
   * @default the network of Lambda
   */
  readonly placement?: NetworkPlacement | undefined;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of logs, requests, results and jobs.
   *
   * @default the keys of the services
   */
  readonly keyArn?: Input<string>;
  /** The queue of FASTA uploads; undefined without `fastaDrop`. */
  readonly fastaQueue: { readonly queueArn: Input<string>; readonly queueUrl: Input<string> } | undefined;
  /** Origins of web pages that may call the HTTP API. */
  readonly apiOrigins: readonly string[];
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
    return functionRole(this, name, {
      ...args,
      functionName: args.functionName,
      policy: toolsPolicy({
        bucketArn: args.bucket.bucketArn,
        endpointArn: endpointArn(args.endpointName, args.place),
        models: callableModels(args),
        tableArn: args.ledger.tableArn,
        logGroupArn: logs.arn,
        fastaQueueArn: args.fastaQueue?.queueArn,
      }),
    });
  }

  private function(
    name: string,
    args: VariantToolsArgs,
    role: Output<string>,
    logs: aws.cloudwatch.LogGroup,
  ): aws.lambda.Function {
    return bundledFunction(this, `${name}-function`, {
      ...args,
      description: "Scores protein variants: invoke_endpoint, get_results, list_jobs, cancel_job, submit_fasta",
      entry: TOOLS_ENTRY,
      role,
      logs,
      environment: {
        ...jobEnvironment(args, args.lambdaTimeoutSeconds),
        ...(args.apiOrigins.length > 0 && { [API_ENVIRONMENT.origins]: args.apiOrigins.join(",") }),
        ...(args.fastaQueue && { [FASTA_ENVIRONMENT.queueUrl]: args.fastaQueue.queueUrl }),
      },
      memoryMb: args.lambdaMemoryMb,
      timeoutSeconds: args.lambdaTimeoutSeconds,
      reservedConcurrency: args.lambdaReservedConcurrency,
    });
  }
}
