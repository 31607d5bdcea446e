import {
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  type ApplicationAutoScalingClient,
} from "@aws-sdk/client-application-auto-scaling";
import { findingsOf, type Finding } from "../../preflight/finding.js";
import { restoreCommand } from "../stackNames.js";

/** Scaling activities that are looked at, newest first. */
const ACTIVITIES = 5;

export interface ScalingOptions {
  readonly stack: string;
  /** Name of the check. */
  readonly check: string;
  readonly scalableResourceId: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Minimum in working hours; undefined without. */
  readonly workHoursCapacity: number | undefined;
  /** Whether there is a budget with a brake: then an `up` leaves the limits alone. */
  readonly guarded: boolean;
  /** Whether the brake of the budget is on, which sets other limits. */
  readonly braked: boolean;
}

/** Checks the scalable target of the endpoint: its limits, what is suspended, and its last activities. */
export async function scaling(
  client: ApplicationAutoScalingClient,
  options: ScalingOptions,
): Promise<readonly Finding[]> {
  const {
    stack,
    check,
    scalableResourceId: id,
    minCapacity,
    maxCapacity,
    workHoursCapacity,
    guarded,
    braked,
  } = options;
  const { ok, bad } = findingsOf(check);
  const { ScalableTargets: [target] = [] } = await client.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker", ResourceIds: [id] }),
  );
  if (target === undefined) {
    const sentence = "The endpoint is no scalable target: its number of instances never changes.";
    return [bad("fault", sentence, `${restoreCommand(stack)} registers it again.`)];
  }
  const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: suspended = {} } = target;
  const findings: Finding[] = [];
  if (!braked && (![minCapacity, workHoursCapacity].includes(min) || max !== maxCapacity)) {
    const fix = `${guarded ? `npx vep brake release --stack ${stack}` : restoreCommand(stack)} sets them.`;
    const sentence = `Its limits are ${min} to ${max} instances, and ${minCapacity} to ${maxCapacity} are configured.`;
    findings.push(bad("warning", sentence, fix));
  }
  if (!braked && Object.values(suspended).includes(true)) {
    const resume =
      `aws application-autoscaling register-scalable-target --service-namespace sagemaker --resource-id ${id} ` +
      "--scalable-dimension sagemaker:variant:DesiredInstanceCount --suspended-state " +
      "DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false";
    findings.push(bad("fault", "Scaling is suspended: nobody starts or stops instances.", resume));
  }
  findings.push(...(await failedActivities(client, options)));
  return findings.length > 0 ? findings : [ok(`The endpoint scales from ${min} to ${max} instances.`)];
}

async function failedActivities(
  client: ApplicationAutoScalingClient,
  { stack, scalableResourceId: id, check }: ScalingOptions,
): Promise<Finding[]> {
  const { bad } = findingsOf(check);
  const { ScalingActivities: activities = [] } = await client.send(
    new DescribeScalingActivitiesCommand({ ServiceNamespace: "sagemaker", ResourceId: id, MaxResults: ACTIVITIES }),
  );
  // An activity that came after a failure shows that it is over.
  const [last] = activities;
  if (last?.StatusCode !== "Failed") return [];
  const sentence = `The last change of the number of instances failed: ${last.StatusMessage ?? last.Description ?? ""}`;
  return [
    bad(
      "fault",
      sentence,
      `npm run preflight -- --stack ${stack}, for a quota: docs/runbook.md#quota; for others: docs/runbook.md#endpoint-wont-start`,
    ),
  ];
}
