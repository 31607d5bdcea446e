import * as aws from "@pulumi/aws";
import { interpolate, type ComponentResource, type Input } from "@pulumi/pulumi";
import type { ScanInput } from "../../contract/scan.js";
import type { Place } from "../shared/place.js";
import { allow, policyDocument } from "../shared/policies.js";
import { scanNames } from "../shared/scanNames.js";
import { serviceRole, type RoleRules } from "../shared/serviceRole.js";

export interface ScanScheduleArgs extends RoleRules {
  /** First part of the names of schedule and role. */
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** Expression of EventBridge Scheduler, such as `rate(1 day)`; empty for no schedule. */
  readonly scanSchedule: string;
  /** Time zone of the expression, such as `Europe/Berlin`. */
  readonly scanTimeZone: string;
  /** Key of the file that is scanned, below `uploads/`. */
  readonly scanInput: string;
}

/**
 * Starts scans by the clock. The schedule is in a group of its own, because the trust of its role can name no single
 * schedule.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function scanSchedule(parent: ComponentResource, machineArn: Input<string>, args: ScanScheduleArgs): void {
  const { account, partition, region } = args.place;
  const { roles, schedule: name } = scanNames(args.prefix);
  const group = new aws.scheduler.ScheduleGroup(`${name}-schedules`, { name, tags: args.tags }, { parent });
  const role = serviceRole(parent, roles.schedule, {
    ...args,
    service: "scheduler.amazonaws.com",
    sourceArn: interpolate`arn:${partition}:scheduler:${region}:${account}:schedule-group/${name}`,
    policy: policyDocument(allow({ sid: "StartScan", actions: ["states:StartExecution"], resources: [machineArn] })),
  });
  const input: ScanInput = { key: args.scanInput };
  new aws.scheduler.Schedule(
    `${name}-schedule`,
    {
      name,
      groupName: group.name,
      description: `Scans ${args.scanInput}`,
      flexibleTimeWindow: { mode: "OFF" },
      scheduleExpression: args.scanSchedule,
      scheduleExpressionTimezone: args.scanTimeZone,
      target: { arn: machineArn, roleArn: role.arn, input: JSON.stringify(input) },
    },
    { parent },
  );
}
