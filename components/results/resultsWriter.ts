import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { RESULTS_ENVIRONMENT } from "../../contract/environment.js";
import { ENDED_STATES } from "../../contract/resultStore.js";
import { WAIT_STATES } from "../../contract/waits.js";
import { resultsNames } from "../shared/resultsNames.js";
import { scheduledCall } from "../shared/scheduledCall.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { resultsFunction, type ResultsFunctionArgs } from "./resultsFunction.js";
import { mergePolicy, storePolicy } from "./resultsPolicies.js";

/** Most jobs of one call, and how long Lambda collects them, in seconds. */
const BATCH_JOBS = 100;
const BATCH_SECONDS = 10;

/** Timeout of the function that stores jobs, in seconds; and where it also stores shards, of up to 500,000 rows each. */
const JOBS_SECONDS = 300;
const SHARDS_SECONDS = 900;

export interface ResultsWriterArgs extends ResultsFunctionArgs {
  /** First part of the names of the functions. */
  readonly prefix: string;
  readonly bucketArn: Input<string>;
  /** The job ledger, and the ARN of its stream. */
  readonly ledger: {
    readonly tableName: Input<string>;
    readonly tableArn: Input<string>;
    readonly streamArn: Input<string>;
  };
  /** Whether the shards of scans are stored, each as one file. */
  readonly scan: boolean;
}

/**
 * The functions that fill the result store. One writes each job that the ledger records as ended: it reads the stream of
 * the table, so no job is missed however it ended, and nobody waits for it. The other merges the files of past days.
 */
export class ResultsWriter extends ComponentResource {
  /** Policies that attach the functions to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: ResultsWriterArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ResultsWriter", name, {}, opts);
    this.networkPolicies = [
      ...this.storeEndedJobs(name, args),
      ...this.mergeEveryHour(resultsNames(args.prefix).roles.merge, args),
    ];
    this.registerOutputs({});
  }

  private storeEndedJobs(name: string, args: ResultsWriterArgs): ServiceRole["networkPolicies"] {
    const { bucketArn, ledger, scan, tags } = args;
    const { streamArn, tableArn, tableName } = ledger;
    const shape = {
      functionName: resultsNames(args.prefix).store,
      description: "Writes ended jobs to the result store",
      entry: "lambda/results/append/index.ts",
      environment: scan ? { [RESULTS_ENVIRONMENT.jobTableName]: tableName } : {},
      memoryMb: 1024,
      timeoutSeconds: scan ? SHARDS_SECONDS : JOBS_SECONDS,
      policy: (logGroupArn: Input<string>) =>
        storePolicy({ bucketArn, streamArn, logGroupArn, tableArn: scan ? tableArn : undefined }),
    };
    const { lambda: store, networkPolicies } = resultsFunction(this, name, shape, args);
    const states = [...ENDED_STATES, ...(scan ? [WAIT_STATES.ended] : [])];
    const pattern = { dynamodb: { NewImage: { state: { S: states } } } };
    new aws.lambda.EventSourceMapping(
      `${name}-stream`,
      {
        functionName: store.arn,
        eventSourceArn: streamArn,
        startingPosition: "TRIM_HORIZON",
        batchSize: BATCH_JOBS,
        maximumBatchingWindowInSeconds: BATCH_SECONDS,
        filterCriteria: { filters: [{ pattern: JSON.stringify(pattern) }] },
        functionResponseTypes: ["ReportBatchItemFailures"],
        // One job that ends the function, such as by its memory, must not take others with it.
        bisectBatchOnFunctionError: true,
        tags,
      },
      { parent: this },
    );
    return networkPolicies;
  }

  private mergeEveryHour(name: string, args: ResultsWriterArgs): ServiceRole["networkPolicies"] {
    const { bucketArn, tags } = args;
    const shape = {
      functionName: resultsNames(args.prefix).merge,
      description: "Merges the files of past days in the result store",
      entry: "lambda/results/merge/index.ts",
      memoryMb: 2048,
      timeoutSeconds: 900,
      policy: (logGroupArn: Input<string>) => mergePolicy({ bucketArn, logGroupArn }),
    };
    const { lambda: merge, networkPolicies } = resultsFunction(this, name, shape, args);
    scheduledCall(this, {
      names: { rule: `${name}-schedule`, permission: `${name}-permission`, target: `${name}-target` },
      ruleName: shape.functionName,
      description: shape.description,
      expression: "rate(1 hour)",
      lambda: merge,
      tags,
    });
    return networkPolicies;
  }
}
