import * as aws from "@pulumi/aws";
import { ComponentResource, interpolate, type ComponentResourceOptions } from "@pulumi/pulumi";
import { bundledFunction } from "../shared/bundledFunction.js";
import {
  BACKGROUND_MEMORY_MB,
  jobEnvironment,
  SWEEPER_TIMEOUT_SECONDS,
  taskEnvironment,
} from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { endpointArn } from "../shared/place.js";
import { functionInterfaces } from "../shared/placement.js";
import { serviceRole, type ServiceRole } from "../shared/serviceRole.js";
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
      entry: "lambda/jobs/sweeperEntry.ts",
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
    const { account, partition, region } = args.place;
    return serviceRole(this, name, {
      ...args,
      existingArn: args.functionRoleArn,
      service: "lambda.amazonaws.com",
      sourceArn: interpolate`arn:${partition}:lambda:${region}:${account}:function:${args.sweeperName}`,
      attachment: args.placement ? functionInterfaces(args.place, args.sweeperName) : [],
      policy: sweeperPolicy({
        bucketArn: args.bucket.bucketArn,
        tableArn: args.ledger.tableArn,
        endpointArn: endpointArn(args.endpointName, args.place),
        logGroupArn: logs.arn,
        scan: args.scan,
      }),
    });
  }

  /** A rule, not a schedule of EventBridge Scheduler: that would need one more role. */
  private schedule(name: string, sweeper: aws.lambda.Function, { tags }: SweeperArgs): void {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-schedule`,
      { description: `Calls ${name}`, scheduleExpression: "rate(1 minute)", tags },
      { parent: this },
    );
    const permission = new aws.lambda.Permission(
      `${name}-call`,
      {
        action: "lambda:InvokeFunction",
        function: sweeper.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      { rule: rule.name, arn: sweeper.arn },
      { parent: this, dependsOn: permission },
    );
  }
}
