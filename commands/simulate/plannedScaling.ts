import * as z from "zod";
import type { PlannedResource } from "../../local/program/runProgram.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig } from "../../local/program/stackConfig.js";
import { weeklySchedule } from "./aws/schedule.js";
import type { StepScaling } from "./aws/stepScaling.js";
import { trackingAlarms, type TargetTracking } from "./aws/targetTracking.js";
import type { MetricQuery, ScalingModel, ScalingPolicy } from "./scalingModel.js";

const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";
const SCHEDULED = "aws:appautoscaling/scheduledAction:ScheduledAction";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

/** The plan has no endpoint that scales as the simulator understands it. */
export class UnreadablePlanError extends Error {
  override readonly name = "UnreadablePlanError";
}

/** Which stack is planned, and with what other settings. */
export interface PlannedStackOptions {
  readonly stack: string;
  /** Settings that win over the stack's file. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** The resources that a stack's configuration plans, without AWS. */
export async function plannedResources({
  stack,
  overrides,
}: PlannedStackOptions): Promise<{ readonly resources: readonly PlannedResource[]; readonly region: string }> {
  const config = stackConfig({ stack, overrides, region: process.env["AWS_REGION"] ?? DEFAULT_REGION });
  const region = config["aws:region"] ?? DEFAULT_REGION;
  const { resources } = await runProgram({ stack, config, handlers: plannedHandlers({ region }) });
  return { resources, region };
}

const statistic = z.enum(["Average", "Maximum", "Minimum", "Sum", "SampleCount"]);

const query = z.looseObject({
  id: z.string(),
  metric: z.looseObject({ metricName: z.string(), period: z.number(), stat: statistic }).optional(),
  expression: z.string().optional(),
  returnData: z.boolean().default(false),
});

const alarm = z.looseObject({
  alarmActions: z.array(z.string()).default([]),
  metricName: z.string().optional(),
  statistic: statistic.optional(),
  period: z.number().optional(),
  metricQueries: z.array(query).default([]),
  evaluationPeriods: z.number(),
  datapointsToAlarm: z.number().optional(),
  threshold: z.number(),
  comparisonOperator: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  treatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]).default("missing"),
});

const bound = z.coerce.number().optional();

const policy = z.looseObject({
  policyType: z.string(),
  stepScalingPolicyConfiguration: z
    .looseObject({
      adjustmentType: z.enum(["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"]),
      cooldown: z.number().default(300),
      minAdjustmentMagnitude: z.number().default(1),
      stepAdjustments: z.array(
        z.looseObject({
          metricIntervalLowerBound: bound,
          metricIntervalUpperBound: bound,
          scalingAdjustment: z.number(),
        }),
      ),
    })
    .optional(),
  targetTrackingScalingPolicyConfiguration: z
    .looseObject({
      targetValue: z.number(),
      disableScaleIn: z.boolean().default(false),
      scaleOutCooldown: z.number().default(300),
      scaleInCooldown: z.number().default(300),
      customizedMetricSpecification: z.looseObject({ metricName: z.string(), statistic }),
    })
    .optional(),
});

const scheduled = z.looseObject({
  schedule: z.string(),
  scalableTargetAction: z.looseObject({ minCapacity: bound, maxCapacity: bound }),
});

/** Of resources of one kind, that of the model version `base`: the names of other versions have more in them. */
export function ofBase(candidates: readonly PlannedResource[]): PlannedResource | undefined {
  return [...candidates].sort((a, b) => a.name.length - b.name.length)[0];
}

/** The endpoint configurations of a plan: one for each model version. */
export function endpointConfigurations(resources: readonly PlannedResource[]): readonly PlannedResource[] {
  return resources.filter(({ type }) => type === CONFIG);
}

/**
 * The scaling of a planned endpoint: a model of what the program registers. Without `enableAutoscaling`, a fixed number.
 *
 * @param config its endpoint configuration; policies of other endpoints are left out
 * @throws UnreadablePlanError where a policy has no alarm, or an alarm watches what the simulator cannot read
 */
export function plannedScaling(
  resources: readonly PlannedResource[],
  config = ofBase(endpointConfigurations(resources)),
): ScalingModel {
  const name = config?.name.replace(/-config$/, "-target");
  const target = resources.find((resource) => resource.type === TARGET && resource.name === name);
  if (target === undefined) return { name: "planned", minCapacity: 1, maxCapacity: 1, policies: [], scheduled: [] };
  const id = target.inputs["resourceId"];
  const { minCapacity, maxCapacity } = z
    .looseObject({ minCapacity: z.number(), maxCapacity: z.number() })
    .parse(target.inputs);
  const ofTarget = (type: string): PlannedResource[] =>
    resources.filter((resource) => resource.type === type && resource.inputs["resourceId"] === id);
  return {
    name: "planned",
    minCapacity,
    maxCapacity,
    policies: ofTarget(POLICY).map((resource) => plannedPolicy(resource, resources)),
    scheduled: ofTarget(SCHEDULED).map(({ inputs }) => {
      const { schedule, scalableTargetAction } = scheduled.parse(inputs);
      return { schedule: weeklySchedule(schedule), ...scalableTargetAction } as ScalingModel["scheduled"][number];
    }),
  };
}

function plannedPolicy({ name, inputs }: PlannedResource, resources: readonly PlannedResource[]): ScalingPolicy {
  const { stepScalingPolicyConfiguration: step, targetTrackingScalingPolicyConfiguration: tracking } =
    policy.parse(inputs);
  if (tracking) return trackingPolicy(name, tracking, tracking.customizedMetricSpecification);
  if (!step) throw new UnreadablePlanError(`${name} is neither step scaling nor target tracking.`);
  const triggers = resources.filter(
    (resource) => resource.type === ALARM && alarm.parse(resource.inputs).alarmActions.some((arn) => names(arn, name)),
  );
  const [trigger] = triggers;
  if (trigger === undefined || triggers.length > 1) {
    throw new UnreadablePlanError(`${triggers.length} alarms trigger ${name}; the simulator needs one.`);
  }
  return { name, ...watchedBy(trigger), step: stepOf(step), tracking: undefined };
}

/** Whether an ARN is that of a scaling policy: it ends with the policy's name, and what a plan generates. */
function names(arn: string, policyName: string): boolean {
  const named = arn.split(":policyName/")[1];
  return named !== undefined && (named === policyName || new RegExp(`^${policyName}-[0-9a-f]{7}$`).test(named));
}

function watchedBy({ name, inputs }: PlannedResource): Pick<ScalingPolicy, "watched" | "rule"> {
  const read = alarm.parse(inputs);
  const rule = {
    evaluationPeriods: read.evaluationPeriods,
    datapointsToAlarm: read.datapointsToAlarm ?? read.evaluationPeriods,
    threshold: read.threshold,
    comparison: read.comparisonOperator,
    treatMissingData: read.treatMissingData,
  };
  const { metricName, statistic: stat, period } = read;
  if (metricName !== undefined && stat !== undefined && period !== undefined) {
    const queries = [{ id: "m", metricName, statistic: stat }];
    return { watched: { queries, expression: undefined, periodSeconds: period }, rule };
  }
  const queries = read.metricQueries.flatMap(({ id, metric }): MetricQuery[] =>
    metric ? [{ id, metricName: metric.metricName, statistic: metric.stat }] : [],
  );
  const periods = new Set(read.metricQueries.flatMap(({ metric }) => (metric ? [metric.period] : [])));
  const returned = read.metricQueries.filter(({ returnData }) => returnData);
  const [expression] = returned.map((one) => one.expression);
  const [periodSeconds] = periods;
  if (expression === undefined || returned.length !== 1 || periodSeconds === undefined || periods.size !== 1) {
    throw new UnreadablePlanError(`${name}: an alarm needs one metric, or one expression of metrics of one period.`);
  }
  return { watched: { queries, expression, periodSeconds }, rule };
}

type PlannedStep = NonNullable<z.infer<typeof policy>["stepScalingPolicyConfiguration"]>;

function stepOf({ adjustmentType, cooldown, minAdjustmentMagnitude, stepAdjustments }: PlannedStep): StepScaling {
  return {
    adjustmentType,
    cooldown,
    minAdjustmentMagnitude,
    steps: stepAdjustments.map((step) => ({
      lowerBound: step.metricIntervalLowerBound,
      upperBound: step.metricIntervalUpperBound,
      adjustment: step.scalingAdjustment,
    })),
  };
}

/** A target tracking policy, with the upper alarm that Application Auto Scaling makes for it. */
export function trackingPolicy(
  name: string,
  tracking: TargetTracking,
  metric: Pick<MetricQuery, "metricName" | "statistic">,
): ScalingPolicy {
  return {
    name,
    watched: { queries: [{ id: "m", ...metric }], expression: undefined, periodSeconds: 60 },
    rule: trackingAlarms(tracking).high,
    step: undefined,
    tracking,
  };
}

/** The type and the concurrency of the instances of an endpoint configuration. */
export function plannedEndpoint(config: PlannedResource | undefined): {
  readonly instanceType: string;
  readonly concurrency: number;
} {
  if (!config) throw new UnreadablePlanError("The plan has no endpoint configuration.");
  const read = z
    .looseObject({
      productionVariants: z.tuple([z.looseObject({ instanceType: z.string() })]),
      asyncInferenceConfig: z.looseObject({
        clientConfig: z.looseObject({ maxConcurrentInvocationsPerInstance: z.number() }),
      }),
    })
    .parse(config.inputs);
  return {
    instanceType: read.productionVariants[0].instanceType,
    concurrency: read.asyncInferenceConfig.clientConfig.maxConcurrentInvocationsPerInstance,
  };
}
