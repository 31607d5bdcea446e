import { interpolate, type Output } from "@pulumi/pulumi";
import type { Place } from "./place.js";

/** Names of the scan of whole proteomes, fixed in advance: log groups and alarms are created before what they watch. */
export interface ScanNames {
  /** The function; also the first part of the name of its role. */
  readonly function: string;
  readonly machine: string;
  /** The schedule, and its group. */
  readonly schedule: string;
  /**
   * First parts of the names of the roles of the state machine and of its schedule: IAM takes 64 characters, with those that
   * Pulumi adds.
   */
  readonly roles: { readonly machine: string; readonly schedule: string };
  /** The log group of the state machine: with this beginning, Step Functions may write to any number of groups. */
  readonly logGroup: string;
}

/** @param prefix first part of all names of the stack */
export function scanNames(prefix: string): ScanNames {
  const name = `${prefix}-scan`;
  return {
    function: name,
    machine: name,
    schedule: name,
    roles: { machine: `${prefix}-scanner`, schedule: `${prefix}-timer` },
    logGroup: `/aws/vendedlogs/states/${name}`,
  };
}

/** ARN of the state machine of scans. */
export function scanMachineArn(prefix: string, { account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:states:${region}:${account}:stateMachine:${scanNames(prefix).machine}`;
}
