import * as aws from "@pulumi/aws";
import type { ComponentResource } from "@pulumi/pulumi";
import { DAYS, type WorkHours } from "../shared/workHours.js";
import { targetOf } from "./scalingPolicy.js";

export type { WorkHours } from "../shared/workHours.js";

/**
 * Raises the minimum number of instances in working hours, and lowers it after them. The raise is repeated each hour: a
 * `pulumi up` with a refresh resets the minimum, and would otherwise leave the team without an instance until the next day.
 */
export function raiseInWorkHours(
  parent: ComponentResource,
  name: string,
  hours: WorkHours,
  { minCapacity, workHoursCapacity }: { readonly minCapacity: number; readonly workHoursCapacity: number },
  target: aws.appautoscaling.Target,
): void {
  const action = (id: string, schedule: string, least: number): void => {
    new aws.appautoscaling.ScheduledAction(
      `${name}-work-${id}`,
      {
        ...targetOf(target),
        schedule,
        timezone: hours.timeZone,
        scalableTargetAction: { minCapacity: least },
      },
      { parent },
    );
  };
  action("begin", cron(hours.days, `${hours.begin}-${hours.end - 1}`), workHoursCapacity);
  const endOfDay = hours.end === 24;
  action("end", cron(endOfDay ? hours.days.map(next) : hours.days, endOfDay ? "0" : String(hours.end)), minCapacity);
}

/** A time in the form of Application Auto Scaling. */
function cron(days: readonly string[], hours: string): string {
  return `cron(0 ${hours} ? * ${days.join(",")} *)`;
}

function next(day: string): string {
  return DAYS[(DAYS.findIndex((name) => name === day) + 1) % DAYS.length] ?? day;
}
