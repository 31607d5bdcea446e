import { interpolate, type Output } from "@pulumi/pulumi";
import type { Place } from "./place.js";

/** Names of the evidence beside the scores, fixed in advance: log groups and alarms are created before what they watch. */
export interface EvidenceNames {
  /** The function that makes protein sequences of genome coordinates; also the first part of the name of its role. */
  readonly retrieval: string;
  /** The function that aligns protein sequences; also the first part of the name of its role. */
  readonly alignment: string;
  /** The function that asks public sources; also the first part of the name of its role. */
  readonly sources: string;
  /** The function that callers of workflows talk to; also the first part of the name of its role. */
  readonly workflow: string;
  /** The function of the steps of workflows; also the first part of the name of its role. */
  readonly steps: string;
  /** The state machine of workflows. */
  readonly machine: string;
  /** First part of the name of the role of the state machine. */
  readonly machineRole: string;
  /** The log group of the state machine: with this beginning, Step Functions may write to any number of groups. */
  readonly machineLogGroup: string;
  /** Queue, environment and definition of jobs that align large families; also the first part of the names of their roles. */
  readonly jobs: string;
  /** First part of the names of the repository and image of the aligner. */
  readonly image: string;
}

/** @param prefix first part of all names of the stack */
export function evidenceNames(prefix: string): EvidenceNames {
  return {
    retrieval: `${prefix}-retrieval`,
    alignment: `${prefix}-alignment`,
    sources: `${prefix}-sources`,
    workflow: `${prefix}-workflow`,
    steps: `${prefix}-steps`,
    machine: `${prefix}-evidence`,
    machineRole: `${prefix}-gatherer`,
    machineLogGroup: `/aws/vendedlogs/states/${prefix}-evidence`,
    jobs: `${prefix}-aligns`,
    image: `${prefix}-aligner`,
  };
}

/** ARN of the state machine of workflows. */
export function workflowMachineArn(prefix: string, { account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:states:${region}:${account}:stateMachine:${evidenceNames(prefix).machine}`;
}
