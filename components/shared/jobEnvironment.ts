import type { Input } from "@pulumi/pulumi";
import { modelsEnvironment, type ModelChoice } from "./modelVersions.js";
import {
  BUDGET_ENVIRONMENT,
  JOB_ENVIRONMENT,
  TASK_ENVIRONMENT,
  type JobEnvironment,
} from "../../contract/environment.js";

/** Timeout of the sweeper, in seconds: it submits jobs too, and is called every minute. */
export const SWEEPER_TIMEOUT_SECONDS = 60;

/** Memory of the functions in the background, recorder and sweeper, in MB: their work is to wait for AWS. */
export const BACKGROUND_MEMORY_MB = 256;

/** Timeout of the function of the stream, in seconds: a batch of 100 records takes a few, and more while AWS throttles. */
export const STREAM_TIMEOUT_SECONDS = 60;
/** Timeout of the function for FASTA files, in seconds. */
export const FASTA_TIMEOUT_SECONDS = 300;

/** Timeout of the function of scans, in seconds. */
export const SCAN_TIMEOUT_SECONDS = 300;

/** Timeout of the function of the steps of workflows, in seconds: a table of a long protein has 100,000 rows. */
export const STEPS_TIMEOUT_SECONDS = 300;

/** What a function that works with jobs must know about its stack. */
export interface JobEnvironmentArgs {
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
  /** The versions of the model; absent on a stack with one. */
  readonly choice?: ModelChoice | undefined;
  /** Days that a job is kept in the ledger. */
  readonly jobRetentionDays: number;
  /** Requests that one instance of the endpoint processes at the same time. */
  readonly maxConcurrentInvocations: number;
  /** How long one invocation of the model may take, in seconds. */
  readonly maxInvocationSeconds: number;
  /** Most instances of the endpoint. */
  readonly maxCapacity: number;
  /** Most attempts of a job that fail or expire, one after the other. */
  readonly maxAttempts: number;
  /** Timeout of the tools' function, in seconds. */
  readonly lambdaTimeoutSeconds: number;
  /** Whether the function for FASTA files submits jobs too. */
  readonly fastaDrop: boolean;
  /** Whether the function of scans submits jobs too. */
  readonly scan: boolean;
  /** Whether the function of the steps of workflows submits jobs too. */
  readonly evidence: boolean;
  /** Budget of a month in USD; 0 for none. */
  readonly monthlyBudgetUsd: number;
}

/**
 * The environment of a function that works with jobs: names and settings of its stack.
 *
 * @param functionTimeoutSeconds the function's own timeout, in seconds
 */
export function jobEnvironment(
  args: JobEnvironmentArgs,
  functionTimeoutSeconds: number,
): Record<keyof JobEnvironment, Input<string>> & Record<string, Input<string>> {
  return {
    ...(args.monthlyBudgetUsd > 0 && { [BUDGET_ENVIRONMENT.costGuard]: "true" }),
    [JOB_ENVIRONMENT.endpointName]: args.endpoint.endpointName,
    [JOB_ENVIRONMENT.bucketName]: args.bucket.bucketName,
    [JOB_ENVIRONMENT.jobTableName]: args.ledger.tableName,
    [JOB_ENVIRONMENT.modelId]: args.modelId,
    [JOB_ENVIRONMENT.modelRevision]: args.modelRevision,
    [JOB_ENVIRONMENT.modelVersion]: args.modelVersion,
    [JOB_ENVIRONMENT.jobRetentionDays]: String(args.jobRetentionDays),
    [JOB_ENVIRONMENT.maxConcurrentInvocations]: String(args.maxConcurrentInvocations),
    [JOB_ENVIRONMENT.maxInvocationSeconds]: String(args.maxInvocationSeconds),
    [JOB_ENVIRONMENT.maxCapacity]: String(args.maxCapacity),
    [JOB_ENVIRONMENT.maxAttempts]: String(args.maxAttempts),
    [JOB_ENVIRONMENT.submissionTimeoutSeconds]: String(
      Math.max(
        args.lambdaTimeoutSeconds,
        SWEEPER_TIMEOUT_SECONDS,
        STREAM_TIMEOUT_SECONDS,
        args.fastaDrop ? FASTA_TIMEOUT_SECONDS : 0,
        args.scan ? SCAN_TIMEOUT_SECONDS : 0,
        args.evidence ? STEPS_TIMEOUT_SECONDS : 0,
      ),
    ),
    [JOB_ENVIRONMENT.functionTimeoutSeconds]: String(functionTimeoutSeconds),
    ...modelsEnvironment(args.choice),
  };
}

/** Whether functions answer the tasks of state machines. */
export function answersTasks({ scan, evidence }: Pick<JobEnvironmentArgs, "scan" | "evidence">): boolean {
  return scan || evidence;
}

/** The variable of a function that answers the tasks of a state machine; none without one. */
export function taskEnvironment(args: Pick<JobEnvironmentArgs, "scan" | "evidence">): Record<string, string> {
  return answersTasks(args) ? { [TASK_ENVIRONMENT.answersTasks]: "true" } : {};
}
