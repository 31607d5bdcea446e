import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { bundledFunction } from "../shared/bundledFunction.js";
import { answersTasks, BACKGROUND_MEMORY_MB, jobEnvironment, taskEnvironment } from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { RECORDER_ENTRY } from "../shared/functionEntries.js";
import { functionRole } from "../shared/functionRole.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { recorderPolicy } from "./jobPolicies.js";

/** Timeout of the recorder, in seconds. */
export const RECORDER_TIMEOUT_SECONDS = 30;

/** Most messages in one call, and most calls at a time, so that a new account's ten are not used up. */
const BATCH_SIZE = 10;
const MAX_CONCURRENCY = 2;

export interface RecorderArgs extends JobFunctionArgs {
  /** Name of the function, fixed in advance so that its log group can be created before it. */
  readonly recorderName: string;
  /** The queue that it reads. */
  readonly queueArn: Input<string>;
}

/** The Lambda function that records how jobs end: role, log group, function, and its connection with the queue. */
export class Recorder extends ComponentResource {
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: RecorderArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:Recorder", name, {}, opts);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(args.recorderName), args);
    const role = this.role(name, args, logs);
    this.networkPolicies = role.networkPolicies;
    const recorder = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName: args.recorderName,
      description: "Records in the job ledger how requests to the model ended",
      entry: RECORDER_ENTRY,
      role: role.arn,
      logs,
      environment: { ...jobEnvironment(args, RECORDER_TIMEOUT_SECONDS), ...taskEnvironment(args) },
      memoryMb: BACKGROUND_MEMORY_MB,
      timeoutSeconds: RECORDER_TIMEOUT_SECONDS,
    });
    new aws.lambda.EventSourceMapping(
      `${name}-queue`,
      {
        eventSourceArn: args.queueArn,
        functionName: recorder.name,
        batchSize: BATCH_SIZE,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: MAX_CONCURRENCY },
        tags: args.tags,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private role(name: string, args: RecorderArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    return functionRole(this, name, {
      ...args,
      functionName: args.recorderName,
      policy: recorderPolicy({
        bucketArn: args.bucket.bucketArn,
        tableArn: args.ledger.tableArn,
        queueArn: args.queueArn,
        logGroupArn: logs.arn,
        answersTasks: answersTasks(args),
      }),
    });
  }
}
