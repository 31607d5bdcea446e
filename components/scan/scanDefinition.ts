import { NO_PROTEIN_COMPLETED } from "../../contract/scan.js";

/** Longest time of a shard, in seconds: its jobs can wait for an instance, and expire, several times. */
const SHARD_SECONDS = 86_400;

/** Errors that another try does not change. */
const FINAL = ["InputError", NO_PROTEIN_COMPLETED];

/** Retries of a task of the function: throttles and faults of AWS pass. */
const RETRY = [
  { ErrorEquals: FINAL, MaxAttempts: 0 },
  { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 5 },
];

/** What the definition refers to. */
export interface DefinitionArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** ARN of the function of scans. */
  readonly functionArn: string;
  readonly bucketName: string;
}

/**
 * The state machine of a scan: plan the shards, submit each and wait for its jobs with a task token, summarise. Only what
 * the emulator of the local twin runs too is used: JSONPath, a Distributed Map over a list in S3, task tokens.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function scanDefinition({ partition, functionArn, bucketName }: DefinitionArgs): object {
  const invoke = (payload: object, waits = false): object => ({
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke${waits ? ".waitForTaskToken" : ""}`,
    Parameters: { FunctionName: functionArn, Payload: payload },
    Retry: RETRY,
  });
  return {
    Comment: "Scores every protein of a FASTA file",
    StartAt: "Plan",
    States: {
      Plan: { ...invoke({ task: "plan", "key.$": "$.key" }), OutputPath: "$.Payload", Next: "Shards" },
      Shards: {
        Type: "Map",
        Label: "Shards",
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:getObject`,
          ReaderConfig: { InputType: "JSON" },
          Parameters: { Bucket: bucketName, "Key.$": "$.list" },
        },
        MaxConcurrencyPath: "$.concurrency",
        ToleratedFailureCountPath: "$.tolerated",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Submit",
          States: {
            Submit: {
              ...invoke({ task: "submit", "shard.$": "$.shard", "token.$": "$$.Task.Token" }, true),
              TimeoutSeconds: SHARD_SECONDS,
              End: true,
            },
          },
        },
        ResultPath: null,
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "SummariseFailure" }],
        Next: "Summarise",
      },
      Summarise: { ...invoke({ task: "summarise", "scan.$": "$.scan" }), OutputPath: "$.Payload", End: true },
      SummariseFailure: {
        ...invoke({ task: "summarise", "scan.$": "$.scan", "error.$": "$.error" }),
        ResultPath: null,
        Next: "Failed",
      },
      Failed: {
        Type: "Fail",
        Error: "ShardsFailed",
        Cause: "Too many shards failed: see the summary beside the file.",
      },
    },
  };
}
