import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { endpointMetric, hostMetric } from "../shared/metrics.js";
import { stepPolicy, targetOf } from "./scalingPolicy.js";
import { stepDown } from "./stepDown.js";
import { raiseInWorkHours, type WorkHours } from "./workHours.js";

/** Cooldown after an instance was started, in seconds. */
const WAKE_COOLDOWN_SECONDS = 300;

/**
 * Cooldown after more instances were started, in seconds: longer than a start takes. The queue per instance stays long until
 * they run, and target tracking would multiply their number again.
 */
const GROW_COOLDOWN_SECONDS = 900;

/** Cooldown after the number of instances went back to the minimum, in seconds. */
const REST_COOLDOWN_SECONDS = 600;

/** A GPU below this utilization is idle, in percent. */
const IDLE_GPU_PERCENT = 5;

/** Idle minutes after which the number of instances goes back to the minimum. `npm run simulate -- --quiet 2 5` compares others. */
const IDLE_MINUTES = 3;

export interface EndpointScalingArgs {
  readonly tags: Readonly<Record<string, string>>;
  readonly endpointName: Input<string>;
  /** Resource id of the scalable target, see `AsyncEndpoint`. */
  readonly scalableResourceId: Input<string>;
  /** Minimum number of instances, from 0. */
  readonly minCapacity: number;
  /** Maximum number of instances, from 1. */
  readonly maxCapacity: number;
  /** Budget of a month in USD; 0 for none. Its brake changes the limits of the scalable target. */
  readonly monthlyBudgetUsd: number;
  /** Queued requests per instance above which another instance is started. */
  readonly backlogPerInstance: number;
  /** Requests that one instance processes at the same time. */
  readonly maxConcurrentInvocations: number;
  /** Minutes after which an instance that is not needed is stopped even though others work; 0 never stops one. */
  readonly stepDownMinutes: number;
  /** Minimum number of instances in working hours. */
  readonly workHoursCapacity: number;
  /** Hours of the week with another minimum. Default: none. */
  readonly workHours?: WorkHours | undefined;
}

/** Scales the number of instances with the queue: from zero to one, from one to the maximum, and back to the minimum. */
export class EndpointScaling extends ComponentResource {
  /** Resource id of the scalable target, available when it is registered. */
  readonly registeredId: Output<string>;

  constructor(name: string, args: EndpointScalingArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:EndpointScaling", name, {}, opts);
    const target = this.target(name, args);
    this.registeredId = target.resourceId;
    if (args.minCapacity === 0) this.wake(name, args, target);
    if (args.maxCapacity > Math.max(args.minCapacity, 1)) this.grow(name, args, target);
    if (args.maxCapacity > args.minCapacity) this.rest(name, args, target);
    // It never stops the last instance.
    if (args.stepDownMinutes > 0 && args.maxCapacity > 1) stepDown(this, name, args, target);
    if (args.workHours !== undefined) raiseInWorkHours(this, name, args.workHours, args, target);
    this.registerOutputs({});
  }

  private target(name: string, args: EndpointScalingArgs): aws.appautoscaling.Target {
    return new aws.appautoscaling.Target(
      `${name}-target`,
      {
        serviceNamespace: "sagemaker",
        scalableDimension: "sagemaker:variant:DesiredInstanceCount",
        resourceId: args.scalableResourceId,
        minCapacity: args.minCapacity,
        maxCapacity: args.maxCapacity,
        tags: args.tags,
      },
      // With a budget, `CostGuard` sets the limits: an `up` must not release its brake.
      // The target has one id. After an interrupted update, Pulumi would otherwise register it first and then deregister it.
      {
        parent: this,
        deleteBeforeReplace: true,
        ...(args.monthlyBudgetUsd > 0 ? { ignoreChanges: ["minCapacity", "maxCapacity"] } : {}),
      },
    );
  }

  /** Zero to one. HasBacklogWithoutCapacity serves this step alone: it is 0 whenever an instance exists. */
  private wake(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const policy = stepPolicy(this, `${name}-wake`, target, {
      // Exact: an instance takes minutes to start, and each further alarm would add another one.
      adjustmentType: "ExactCapacity",
      cooldown: WAKE_COOLDOWN_SECONDS,
      adjustment: 1,
    });
    new aws.cloudwatch.MetricAlarm(
      `${name}-wake-alarm`,
      {
        alarmDescription: "Requests are in the queue, and no instance runs: starts the first instance.",
        ...endpointMetric(args.endpointName, "HasBacklogWithoutCapacity"),
        statistic: "Maximum",
        period: 60,
        // Once is enough: a request without an instance always needs one.
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        treatMissingData: "missing",
        alarmActions: [policy.arn],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** One to the maximum: tracks the queue per instance. Scale-in by target tracking would stop busy instances. */
  private grow(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const backlog = endpointMetric(args.endpointName, "ApproximateBacklogSizePerInstance");
    new aws.appautoscaling.Policy(
      `${name}-grow`,
      {
        ...targetOf(target),
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          targetValue: args.backlogPerInstance,
          disableScaleIn: true,
          scaleOutCooldown: GROW_COOLDOWN_SECONDS,
          customizedMetricSpecification: {
            namespace: backlog.namespace,
            metricName: backlog.metricName,
            dimensions: Object.entries(backlog.dimensions).map(([key, value]) => ({ name: key, value })),
            statistic: "Average",
          },
        },
      },
      { parent: this },
    );
  }

  /** Back to the minimum, when the queue is empty and every GPU is idle: a long job runs with an empty queue. */
  private rest(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const policy = stepPolicy(this, `${name}-rest`, target, {
      // In working hours, Application Auto Scaling stops at their minimum.
      adjustmentType: "ExactCapacity",
      cooldown: REST_COOLDOWN_SECONDS,
      adjustment: args.minCapacity,
    });
    new aws.cloudwatch.MetricAlarm(
      `${name}-rest-alarm`,
      {
        alarmDescription: `The queue is empty, and every GPU is idle: back to ${args.minCapacity} instance(s).`,
        metricQueries: idleQueries(args.endpointName),
        evaluationPeriods: IDLE_MINUTES,
        datapointsToAlarm: IDLE_MINUTES,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        // Without instances no GPU metric exists, and nothing has to be done.
        treatMissingData: "notBreaching",
        alarmActions: [policy.arn],
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

/**
 * Metric math: 1 while the queue is empty and every GPU is idle, otherwise 0. Missing where the queue is empty and there
 * is no GPU metric, and where there is no queue metric.
 *
 * No FILL and no AND: where metrics arrive late, both would give 0 for the latest minute, each minute anew, and the alarm
 * would never go off. A data point that is missing instead is left out, and older ones count.
 *
 * @param endpointName name of the endpoint
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (FILL, IF)
 */
export function idleQueries(endpointName: Input<string>): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const measured = (id: string, metric: ReturnType<typeof endpointMetric>) => ({
    id,
    metric: { ...metric, period: 60, stat: "Maximum" },
    returnData: false,
  });
  return [
    measured("backlog", endpointMetric(endpointName, "ApproximateBacklogSize")),
    measured("gpu", hostMetric(endpointName, "GPUUtilization")),
    {
      id: "idle",
      label: "idle",
      expression: `IF(backlog>0,0,IF(gpu>=${IDLE_GPU_PERCENT},0,1))`,
      returnData: true,
    },
  ];
}
