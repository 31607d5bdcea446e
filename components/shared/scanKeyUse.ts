import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import { scanMachineArn, scanNames } from "./scanNames.js";
import { rolePatterns } from "./serviceRole.js";

const ofKey = { Effect: "Allow", Resource: "*" } as const;

/**
 * Lets the role of the state machine of scans use the key: Step Functions encrypts executions, and the logs that it delivers,
 * as this role.
 *
 * @param prefix first part of the names of the stack
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function usedByScanMachine(prefix: string, place: Place): iam.PolicyStatement[] {
  const machineArn = scanMachineArn(prefix, place);
  return usedByMachine(machineArn, scanNames(prefix).roles.machine, place, ["EncryptScans", "EncryptScanLogs"]);
}

/**
 * Lets the role of a state machine use the key for its executions, and for the logs that it delivers.
 *
 * @param role first part of the name of the role
 * @param sids ids of the two statements
 */
export function usedByMachine(
  machineArn: Input<string>,
  role: string,
  place: Place,
  [executions, logs]: readonly [string, string],
): iam.PolicyStatement[] {
  // Executions of the Distributed Map have its label after the name of the machine.
  const machines = [machineArn, interpolate`${machineArn}/*`];
  const byRole = (sid: string, actions: string[], context: string, values: Input<string>[]): iam.PolicyStatement => ({
    Sid: sid,
    ...ofKey,
    Principal: { AWS: "*" },
    Action: actions,
    Condition: {
      StringEquals: { "kms:CallerAccount": place.account },
      ArnLike: { "aws:PrincipalArn": rolePatterns(role, place, "") },
      StringLike: { [`kms:EncryptionContext:${context}`]: values },
    },
  });
  return [
    byRole(executions, ["kms:Decrypt", "kms:GenerateDataKey"], "aws:states:stateMachineArn", machines),
    byRole(logs, ["kms:GenerateDataKey"], "SourceArn", [logsOf(place)]),
  ];
}

/** Lets CloudWatch read the logs that state machines deliver. */
export function deliveredScanLogs(place: Place): iam.PolicyStatement {
  return {
    Sid: "DeliverScanLogs",
    ...ofKey,
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "kms:Decrypt",
    Condition: {
      StringEquals: { "aws:SourceAccount": place.account },
      ArnLike: { "aws:SourceArn": logsOf(place) },
    },
  };
}

function logsOf({ account, partition, region }: Place): Input<string> {
  return interpolate`arn:${partition}:logs:${region}:${account}:*`;
}
