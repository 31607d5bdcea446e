import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { endpointMetric, hostMetric } from "../shared/metrics.js";

/** How long scaling rests after the first instance was started, in seconds. */
const WAKE_COOLDOWN_SECONDS = 300;

/** How long scaling rests after it went back to the fewest instances, in seconds. */
const REST_COOLDOWN_SECONDS = 600;

/** A GPU below this utilization, in percent, does no work. */
const IDLE_GPU_PERCENT = 5;

export interface EndpointScalingArgs {
  readonly tags: Readonly<Record<string, string>>;
  readonly endpointName: Input<string>;
  /** What is registered as a scalable target, see `AsyncEndpoint`. */
  readonly scalableResourceId: Input<string>;
  /** Fewest instances, from 0. */
  readonly minCapacity: number;
  /** Most instances, from 1. */
  readonly maxCapacity: number;
  /** Queued requests per instance above which another instance is started. */
  readonly backlogPerInstance: number;
}

/** Lets the number of instances follow the queue: from none to one, from one to many, and back once no GPU works. */
export class EndpointScaling extends ComponentResource {
  constructor(name: string, args: EndpointScalingArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:EndpointScaling", name, {}, opts);
    const target = this.target(name, args);
    if (args.minCapacity === 0) this.wake(name, args, target);
    if (args.maxCapacity > Math.max(args.minCapacity, 1)) this.grow(name, args, target);
    if (args.maxCapacity > args.minCapacity) this.rest(name, args, target);
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
      // An interrupted roll that is resumed would else register the target first and deregister it then, as it has one id.
      { parent: this, deleteBeforeReplace: true },
    );
  }

  /** None to one: the only step that HasBacklogWithoutCapacity can tell, as it is 0 whenever an instance exists. */
  private wake(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const policy = this.exactCapacity(`${name}-wake`, target, 1, WAKE_COOLDOWN_SECONDS);
    new aws.cloudwatch.MetricAlarm(
      `${name}-wake-alarm`,
      {
        alarmDescription: "Requests wait and no instance runs: starts the first one.",
        ...endpointMetric(args.endpointName, "HasBacklogWithoutCapacity"),
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        treatMissingData: "missing",
        alarmActions: [policy.arn],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** One to many: follows the queue per instance. Its own scale-in would end instances that are at work. */
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
          scaleOutCooldown: WAKE_COOLDOWN_SECONDS,
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

  /** Many to the fewest: once nothing waits and no GPU works, as the queue alone may read 0 while a long job runs. */
  private rest(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const policy = this.exactCapacity(`${name}-rest`, target, args.minCapacity, REST_COOLDOWN_SECONDS);
    new aws.cloudwatch.MetricAlarm(
      `${name}-rest-alarm`,
      {
        alarmDescription: `Nothing waits and no GPU works: back to ${args.minCapacity} instance(s).`,
        metricQueries: idleQueries(args.endpointName),
        evaluationPeriods: 5,
        datapointsToAlarm: 5,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        // At zero instances no GPU reports: that is no reason to act.
        treatMissingData: "notBreaching",
        alarmActions: [policy.arn],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private exactCapacity(
    name: string,
    target: aws.appautoscaling.Target,
    instances: number,
    cooldown: number,
  ): aws.appautoscaling.Policy {
    return new aws.appautoscaling.Policy(
      name,
      {
        ...targetOf(target),
        policyType: "StepScaling",
        stepScalingPolicyConfiguration: {
          // Exact: an instance takes minutes to start, and every further alarm would add one.
          adjustmentType: "ExactCapacity",
          cooldown,
          metricAggregationType: "Maximum",
          stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: instances }],
        },
      },
      { parent: this },
    );
  }
}

function targetOf(target: aws.appautoscaling.Target): {
  readonly serviceNamespace: Input<string>;
  readonly scalableDimension: Input<string>;
  readonly resourceId: Input<string>;
} {
  const { serviceNamespace, scalableDimension, resourceId } = target;
  return { serviceNamespace, scalableDimension, resourceId };
}

/**
 * Metric math that is 1 while nothing waits and no GPU works, else 0; without GPU metrics it is missing.
 *
 * @param endpointName name of the endpoint
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
      // A queue that does not report counts as one that waits.
      expression: `IF(FILL(backlog,1)==0 AND gpu<${IDLE_GPU_PERCENT},1,0)`,
      returnData: true,
    },
  ];
}
