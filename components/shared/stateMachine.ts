import * as aws from "@pulumi/aws";
import { interpolate, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import { encryptedLogGroup } from "./logGroup.js";
import type { Place } from "./place.js";
import { serviceRole, type RoleRules } from "./serviceRole.js";

/** How long Step Functions uses one data key, in seconds: the default of AWS. */
const DATA_KEY_SECONDS = 300;

export interface StateMachineArgs extends RoleRules {
  /** Name of the state machine, fixed in advance. */
  readonly machine: string;
  readonly machineArn: Input<string>;
  /** First part of the name of its role. */
  readonly machineRole: string;
  readonly machineLogGroup: string;
  /** What its role may do. */
  readonly policy: aws.iam.PolicyDocument;
  /** Its definition, as JSON. */
  readonly definition: Output<string>;
  readonly place: Place;
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of its log and its executions.
   *
   * @default the keys of the services
   */
  readonly keyArn?: Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A state machine of the type STANDARD with its role and log.
 *
 * @param name first part of the logical names of log and state machine
 */
export function stateMachine(parent: ComponentResource, name: string, args: StateMachineArgs): aws.sfn.StateMachine {
  const { machine, machineArn, machineRole, machineLogGroup, policy, definition, keyArn, tags } = args;
  const logs = encryptedLogGroup(parent, `${name}-machine-logs`, machineLogGroup, args);
  const role = serviceRole(parent, machineRole, {
    iamPath: args.iamPath,
    iamPermissionsBoundary: args.iamPermissionsBoundary,
    place: args.place,
    service: "states.amazonaws.com",
    sourceArn: machineArn,
    policy,
    tags,
  });
  return new aws.sfn.StateMachine(
    `${name}-machine`,
    {
      name: machine,
      type: "STANDARD",
      roleArn: role.arn,
      definition,
      // Without the data of executions: what failed is in what the last step writes.
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: false,
        logDestination: interpolate`${logs.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      ...(keyArn !== undefined && {
        encryptionConfiguration: {
          type: "CUSTOMER_MANAGED_KMS_KEY",
          kmsKeyId: keyArn,
          kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
        },
      }),
      tags,
    },
    { parent },
  );
}
