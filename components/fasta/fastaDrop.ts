import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { FASTA_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { fastaNames } from "../shared/fastaNames.js";
import { FASTA_TIMEOUT_SECONDS, jobEnvironment } from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import { callableModels } from "../shared/modelVersions.js";
import { endpointArn } from "../shared/place.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { fastaPolicy } from "./fastaPolicy.js";

/** Memory in MB: more than half a CPU, to expand and read 200 MB of text in seconds, and room for four results. */
const MEMORY_MB = 1024;

/** Most calls at a time, so that a new account's ten are not used up: the minimum of Lambda. */
const MAX_CONCURRENCY = 2;

export interface FastaDropArgs extends JobFunctionArgs {
  /** First part of the name of the function. */
  readonly prefix: string;
  readonly queue: { readonly queueArn: Input<string>; readonly queueUrl: Input<string> };
}

/** The Lambda function that makes uploaded FASTA files jobs: role, log group, function, and its connection with the queue. */
export class FastaDrop extends ComponentResource {
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: FastaDropArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:FastaDrop", name, {}, opts);
    const { function: functionName } = fastaNames(args.prefix);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(functionName), args);
    const role = this.role(name, functionName, args, logs);
    this.networkPolicies = role.networkPolicies;
    const drop = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName,
      description: "Submits the records of uploaded FASTA files",
      entry: "lambda/fasta/index.ts",
      role: role.arn,
      logs,
      environment: {
        ...jobEnvironment(args, FASTA_TIMEOUT_SECONDS),
        [FASTA_ENVIRONMENT.queueUrl]: args.queue.queueUrl,
      },
      memoryMb: MEMORY_MB,
      timeoutSeconds: FASTA_TIMEOUT_SECONDS,
    });
    new aws.lambda.EventSourceMapping(
      `${name}-queue`,
      {
        eventSourceArn: args.queue.queueArn,
        functionName: drop.name,
        // A message is up to minutes of work.
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: MAX_CONCURRENCY },
        tags: args.tags,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private role(name: string, functionName: string, args: FastaDropArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    return functionRole(this, name, {
      ...args,
      functionName,
      policy: fastaPolicy({
        bucketArn: args.bucket.bucketArn,
        tableArn: args.ledger.tableArn,
        queueArn: args.queue.queueArn,
        endpointArn: endpointArn(args.endpointName, args.place),
        models: callableModels(args),
        logGroupArn: logs.arn,
      }),
    });
  }
}
