import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { bundledFunction } from "../shared/bundledFunction.js";
import { jobEnvironment, STREAM_TIMEOUT_SECONDS } from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import { callableModels } from "../shared/modelVersions.js";
import { endpointArn } from "../shared/place.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { streamNames } from "../shared/streamNames.js";
import { submitterPolicy } from "./submitterPolicy.js";

/** A shard takes 1,000 records and 1 MB per second, more than any number of models can score. */
const SHARDS = 1;

/** How long a record is in the stream, in hours: the shortest time, which costs nothing extra. */
const RETENTION_HOURS = 24;

/** Most records of one call. */
const BATCH_RECORDS = 100;

/** How often a batch is retried, before its records go to S3. */
const RETRIES = 3;

/** Memory in MB: a batch has up to 6 MB, and the work is to wait for AWS. */
const MEMORY_MB = 512;

/** Lambda reads the stream from outside of the network in which the function runs. */
export interface SubmissionStreamArgs extends JobFunctionArgs {
  /** First part of the names of stream and function. */
  readonly prefix: string;
}

/** The stream of submissions: one shard of Kinesis, and the function that submits each record. */
export class SubmissionStream extends ComponentResource {
  readonly streamName: Output<string>;
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: SubmissionStreamArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:SubmissionStream", name, {}, opts);
    const { submitter } = streamNames(args.prefix);
    const stream = this.stream(name, args);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(submitter), args);
    const role = this.role(name, args, stream, logs);
    const lambda = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName: submitter,
      description: "Submits the records of the stream of submissions",
      entry: "lambda/stream/index.ts",
      role: role.arn,
      logs,
      environment: jobEnvironment(args, STREAM_TIMEOUT_SECONDS),
      memoryMb: MEMORY_MB,
      timeoutSeconds: STREAM_TIMEOUT_SECONDS,
    });
    this.mapping(name, args, stream, lambda);
    this.streamName = stream.name;
    this.networkPolicies = role.networkPolicies;
    this.registerOutputs({ streamName: this.streamName });
  }

  private stream(name: string, { prefix, keyArn, tags }: SubmissionStreamArgs): aws.kinesis.Stream {
    return new aws.kinesis.Stream(
      `${name}-submissions`,
      {
        name: streamNames(prefix).stream,
        streamModeDetails: { streamMode: "PROVISIONED" },
        shardCount: SHARDS,
        retentionPeriod: RETENTION_HOURS,
        encryptionType: "KMS",
        kmsKeyId: keyArn ?? "alias/aws/kinesis",
        tags,
      },
      { parent: this },
    );
  }

  private role(
    name: string,
    args: SubmissionStreamArgs,
    stream: aws.kinesis.Stream,
    logs: aws.cloudwatch.LogGroup,
  ): ServiceRole {
    const { place, bucket, ledger, endpointName } = args;
    const { account } = place;
    const { submitter } = streamNames(args.prefix);
    return functionRole(this, name, {
      ...args,
      functionName: submitter,
      policy: submitterPolicy({
        account,
        streamArn: stream.arn,
        bucketArn: bucket.bucketArn,
        tableArn: ledger.tableArn,
        endpointArn: endpointArn(endpointName, place),
        models: callableModels(args),
        logGroupArn: logs.arn,
      }),
    });
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
  private mapping(
    name: string,
    { bucket, tags }: SubmissionStreamArgs,
    stream: aws.kinesis.Stream,
    lambda: aws.lambda.Function,
  ): void {
    new aws.lambda.EventSourceMapping(
      `${name}-records`,
      {
        eventSourceArn: stream.arn,
        functionName: lambda.name,
        startingPosition: "TRIM_HORIZON",
        batchSize: BATCH_RECORDS,
        functionResponseTypes: ["ReportBatchItemFailures"],
        // One record that ends the function, such as by its memory, must not take others with it.
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: RETRIES,
        // A bucket gets the records themselves; a queue or a topic would only get their numbers.
        destinationConfig: { onFailure: { destinationArn: bucket.bucketArn } },
        tags,
      },
      { parent: this },
    );
  }
}
