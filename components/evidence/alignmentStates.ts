import { FAMILY_TOO_LARGE } from "../../contract/evidence.js";
import { SCORE_SECONDS } from "../../contract/limits.js";
import { FINAL, retryExcept } from "./retries.js";

/**
 * Errors of the function that aligns after which a job does: it says so, or ran out of time or memory.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const TOO_LARGE = [FAMILY_TOO_LARGE, "Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout"];

/** Errors of AWS Batch that pass: a job that fails is `States.TaskFailed`. */
const BATCH_BUSY = ["Batch.AWSBatchException", "Batch.ServerException", "Batch.TooManyRequestsException"];

/** The jobs of AWS Batch that align large families. */
export interface JobArns {
  readonly queueArn: string;
  /** Without a revision: a job takes the newest one. */
  readonly definitionArn: string;
}

/**
 * The states that align. With jobs, what the function cannot finish is aligned by one; a job that has failed fails again.
 *
 * @param Align the state of the function
 */
export function alignmentStates(
  Align: { readonly Catch: readonly object[] } & Readonly<Record<string, unknown>>,
  jobs: JobArns | undefined,
  partition: string,
): object {
  if (jobs === undefined) return { Align };
  const { Catch } = Align;
  return {
    Align: {
      ...Align,
      Retry: retryExcept([...FINAL, ...TOO_LARGE]),
      Catch: [{ ErrorEquals: TOO_LARGE, ResultPath: "$.alignment.error", Next: "AlignLarge" }, ...Catch],
    },
    AlignLarge: {
      Type: "Task",
      Resource: `arn:${partition}:states:::batch:submitJob.sync`,
      Parameters: {
        "JobName.$": "$.workflow",
        JobQueue: jobs.queueArn,
        JobDefinition: jobs.definitionArn,
        Parameters: { "task.$": "States.JsonToString($.align)" },
      },
      // The wait for a place, and the job.
      TimeoutSeconds: SCORE_SECONDS,
      Retry: [{ ErrorEquals: BATCH_BUSY, IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 5 }],
      ResultSelector: { "job.$": "$.JobId" },
      ResultPath: "$.alignment",
      Catch,
      Next: "Aligned",
    },
  };
}
