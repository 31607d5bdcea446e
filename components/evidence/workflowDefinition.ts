import { SCORE_SECONDS, WORKFLOW_SECONDS } from "../../contract/limits.js";
import { alignmentStates, type JobArns } from "./alignmentStates.js";
import { FINAL, retryExcept } from "./retries.js";

/** Sources that are asked at the same time. */
const SOURCES_AT_A_TIME = 4;

/** Longest time of a source, in seconds: it waits for its rate limit, and for the source itself. */
const SOURCE_SECONDS = 900;

/** Longest time of other tasks, in seconds: that of a function. */
const TASK_SECONDS = 960;

/** What the definition refers to. */
export interface WorkflowDefinitionArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** ARN of the function of the steps. */
  readonly stepsArn: string;
  /** ARN of the function that makes proteins of genome coordinates. */
  readonly retrievalArn: string;
  /** ARN of the function that aligns proteins. */
  readonly alignmentArn: string;
  /** ARN of the function that asks sources. */
  readonly sourcesArn: string;
  /** Jobs that align what is too large for the function; undefined for none. */
  readonly jobs?: JobArns | undefined;
}

/**
 * The state machine of a workflow: regions to proteins, accession to protein, then model, sources and alignment side by side,
 * each with its own catch, and the join of what they found. Regions come first because the model scores the protein that they
 * give. Only what the emulator of the local twin runs too is used: JSONPath, Parallel, Map, Choice, task tokens; it runs no
 * jobs of AWS Batch.
 */
export function workflowDefinition(args: WorkflowDefinitionArgs): object {
  const { partition, stepsArn, retrievalArn, alignmentArn, sourcesArn, jobs } = args;
  const invoke = (functionArn: string, payload: object, waits = false): object => ({
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke${waits ? ".waitForTaskToken" : ""}`,
    Parameters: { FunctionName: functionArn, ...payload },
    TimeoutSeconds: TASK_SECONDS,
    Retry: retryExcept(FINAL),
  });
  const step = (payload: object, waits = false): object => invoke(stepsArn, { Payload: payload }, waits);
  const answer = { ResultSelector: { "answer.$": "$.Payload" } };
  /** What a part that fails leaves: its error, as the join reads it. */
  const caught = (path: string, next: string): { readonly Catch: readonly object[] } => ({
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: path, Next: next }],
  });
  const failing = caught("$.error", "RecordFailure");
  return {
    Comment: "Gathers the evidence for one protein",
    TimeoutSeconds: WORKFLOW_SECONDS,
    StartAt: "HasRegions",
    States: {
      HasRegions: choice("$.retrieve", "Retrieve", "HasAccession"),
      Retrieve: {
        ...invoke(retrievalArn, { "Payload.$": "$.retrieve" }),
        ...answer,
        ResultPath: "$.retrieval",
        ...caught("$.retrieval.error", "HasAccession"),
        Next: "HasAccession",
      },
      HasAccession: choice("$.resolve", "Resolve", "Prepare"),
      Resolve: {
        ...invoke(sourcesArn, { "Payload.$": "$.resolve" }),
        ...answer,
        ResultPath: "$.resolution",
        ...caught("$.resolution.error", "Prepare"),
        Next: "Prepare",
      },
      Prepare: {
        ...step({ task: "prepare", "state.$": "$" }),
        OutputPath: "$.Payload",
        ...failing,
        Next: "Gather",
      },
      Gather: {
        Type: "Parallel",
        Branches: [
          {
            StartAt: "HasScores",
            States: {
              HasScores: {
                Type: "Choice",
                Choices: [{ Variable: "$.score", BooleanEquals: true, Next: "Score" }],
                Default: "NotScored",
              },
              Score: {
                ...step({ task: "score", "workflow.$": "$.workflow", "token.$": "$$.Task.Token" }, true),
                TimeoutSeconds: SCORE_SECONDS,
                ResultPath: null,
                ...caught("$.error", "ScoreFailed"),
                End: true,
              },
              ScoreFailed: { Type: "Pass", Parameters: { "error.$": "$.error" }, End: true },
              NotScored: { Type: "Pass", Result: {}, End: true },
            },
          },
          {
            StartAt: "Sources",
            States: {
              Sources: {
                Type: "Map",
                ItemsPath: "$.sources",
                MaxConcurrency: SOURCES_AT_A_TIME,
                ItemProcessor: {
                  ProcessorConfig: { Mode: "INLINE" },
                  StartAt: "Ask",
                  States: {
                    Ask: {
                      ...invoke(sourcesArn, { "Payload.$": "$" }),
                      TimeoutSeconds: SOURCE_SECONDS,
                      ResultPath: null,
                      ...caught("$.error", "SourceFailed"),
                      Next: "Asked",
                    },
                    Asked: { Type: "Pass", Parameters: { "source.$": "$.source" }, End: true },
                    SourceFailed: {
                      Type: "Pass",
                      Parameters: { "source.$": "$.source", "error.$": "$.error" },
                      End: true,
                    },
                  },
                },
                End: true,
              },
            },
          },
          {
            StartAt: "HasFamily",
            States: {
              HasFamily: choice("$.align", "Align", "NotAligned"),
              ...alignmentStates(
                {
                  ...invoke(alignmentArn, { "Payload.$": "$.align" }),
                  ...answer,
                  ResultPath: "$.alignment",
                  ...caught("$.alignment.error", "Aligned"),
                  Next: "Aligned",
                },
                jobs,
                partition,
              ),
              Aligned: { Type: "Pass", Parameters: { "alignment.$": "$.alignment" }, End: true },
              NotAligned: { Type: "Pass", Result: {}, End: true },
            },
          },
        ],
        ResultPath: "$.gathered",
        ...failing,
        Next: "Join",
      },
      Join: {
        ...step({ task: "join", "state.$": "$" }),
        ResultPath: null,
        ...failing,
        Next: "Report",
      },
      Report: {
        ...step({ task: "report", "workflow.$": "$.workflow" }),
        ResultPath: null,
        ...failing,
        Next: "Completed",
      },
      Completed: { Type: "Succeed" },
      RecordFailure: {
        ...step({ task: "fail", "workflow.$": "$.workflow", "error.$": "$.error" }),
        ResultPath: null,
        Next: "Failed",
      },
      Failed: { Type: "Fail", Error: "WorkflowFailed", Cause: "See the reason of the workflow." },
    },
  };
}

/** A choice by whether there is something to do. */
function choice(variable: string, next: string, otherwise: string): object {
  return {
    Type: "Choice",
    Choices: [{ Variable: variable, IsPresent: true, Next: next }],
    Default: otherwise,
  };
}
