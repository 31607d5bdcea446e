import type * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { bundledFunction } from "../shared/bundledFunction.js";
import {
  answersTasks,
  BACKGROUND_MEMORY_MB,
  jobEnvironment,
  SWEEPER_TIMEOUT_SECONDS,
  taskEnvironment,
} from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { SWEEPER_ENTRY } from "../shared/functionEntries.js";
import { functionRole } from "../shared/functionRole.js";
import { callableModels } from "../shared/modelVersions.js";
import { endpointArn } from "../shared/place.js";
import { scheduledCall } from "../shared/scheduledCall.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { sweeperPolicy } from "./jobPolicies.js";

export interface SweeperArgs extends JobFunctionArgs {
  /** Name of the function, fixed in advance so that its log group can be created before it. */
  readonly sweeperName: string;
}

/** The Lambda function that settles and sends the jobs that are left over, and its schedule: every minute. */
export class Sweeper extends ComponentResource {
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: SweeperArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:Sweeper", name, {}, opts);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(args.sweeperName), args);
    const role = this.role(name, args, logs);
    this.networkPolicies = role.networkPolicies;
    const sweeper = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName: args.sweeperName,
      description: "Settles late jobs and sends waiting jobs",
      entry: SWEEPER_ENTRY,
      role: role.arn,
      logs,
      environment: { ...jobEnvironment(args, SWEEPER_TIMEOUT_SECONDS), ...taskEnvironment(args) },
      memoryMb: BACKGROUND_MEMORY_MB,
      timeoutSeconds: SWEEPER_TIMEOUT_SECONDS,
    });
    this.schedule(name, sweeper, args);
    this.registerOutputs({});
  }

  private role(name: string, args: SweeperArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    return functionRole(this, name, {
      ...args,
      functionName: args.sweeperName,
      policy: sweeperPolicy({
        bucketArn: args.bucket.bucketArn,
        tableArn: args.ledger.tableArn,
        endpointArn: endpointArn(args.endpointName, args.place),
        models: callableModels(args),
        logGroupArn: logs.arn,
        answersTasks: answersTasks(args),
      }),
    });
  }

  private schedule(name: string, lambda: aws.lambda.Function, { tags }: SweeperArgs): void {
    scheduledCall(this, {
      names: { rule: `${name}-schedule`, permission: `${name}-call`, target: `${name}-target` },
      description: `Calls ${name}`,
      expression: "rate(1 minute)",
      lambda,
      tags,
    });
  }
}
