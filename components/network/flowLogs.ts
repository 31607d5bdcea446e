import * as aws from "@pulumi/aws";
import { interpolate, type ComponentResource, type Input } from "@pulumi/pulumi";
import { encryptedLogGroup, flowLogGroup } from "../shared/logGroup.js";
import type { Place } from "../shared/place.js";
import { allow, logWriting, policyDocument } from "../shared/policies.js";
import { serviceRole, type RoleRules } from "../shared/serviceRole.js";

export interface FlowLogsArgs extends RoleRules {
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Days that the records are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of the records.
   *
   * @default the key of CloudWatch
   */
  readonly keyArn?: Input<string>;
}

/**
 * Records the metadata of all accepted and rejected traffic of a VPC in a log group of the stack.
 *
 * @param parent the component that it belongs to
 * @param name first part of all names
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export function flowLogs(parent: ComponentResource, name: string, vpcId: Input<string>, args: FlowLogsArgs): void {
  const { account, partition, region } = args.place;
  const logs = encryptedLogGroup(parent, `${name}-flow-logs`, flowLogGroup(name), args);
  const role = serviceRole(parent, `${name}-flow-logs`, {
    ...args,
    service: "vpc-flow-logs.amazonaws.com",
    sourceArn: interpolate`arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*`,
    policy: policyDocument(
      logWriting(logs.arn),
      allow({
        sid: "FindStreams",
        actions: ["logs:DescribeLogStreams"],
        resources: [logs.arn, interpolate`${logs.arn}:*`],
      }),
      // A search for groups by name: the action cannot be limited to a resource.
      allow({ sid: "FindGroup", actions: ["logs:DescribeLogGroups"], resources: ["*"] }),
    ),
  });
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    { vpcId, trafficType: "ALL", logDestination: logs.arn, iamRoleArn: role.arn, tags: args.tags },
    { parent },
  );
}
