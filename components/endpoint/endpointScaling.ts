import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { endpointMetric, hostMetric } from "../shared/metrics.js";

/** Cooldown after an instance was started, in seconds. */
const WAKE_COOLDOWN_SECONDS = 300;

/** Cooldown after the number of instances went back to the minimum, in seconds. */
const REST_COOLDOWN_SECONDS = 600;

/** A GPU below this utilization is idle, in percent. */
const IDLE_GPU_PERCENT = 5;

export interface EndpointScalingArgs {
  readonly tags: Readonly<Record<string, string>>;
  readonly endpointName: Input<string>;
  /** Resource id of the scalable target, see `AsyncEndpoint`. */
  readonly scalableResourceId: Input<string>;
  /** Minimum number of instances, from 0. */
  readonly minCapacity: number;
  /** Maximum number of instances, from 1. */
  readonly maxCapacity: number;
  /** Queued requests per instance above which another instance is started. */
  readonly backlogPerInstance: number;
}

/** Scales the number of instances with the queue: from zero to one, from one to the maximum, and back to the minimum. */
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
      // The target has one id. After an interrupted update, Pulumi would otherwise register it first and then deregister it.
      { parent: this, deleteBeforeReplace: true },
    );
  }

  /** Zero to one. HasBacklogWithoutCapacity serves this step alone: it is 0 whenever an instance exists. */
  private wake(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const policy = this.exactCapacity(`${name}-wake`, target, 1, WAKE_COOLDOWN_SECONDS);
    new aws.cloudwatch.MetricAlarm(
      `${name}-wake-alarm`,
      {
        alarmDescription: "Requests are in the queue, and no instance runs: starts the first instance.",
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

  /** Back to the minimum, when the queue is empty and every GPU is idle: a long job runs with an empty queue. */
  private rest(name: string, args: EndpointScalingArgs, target: aws.appautoscaling.Target): void {
    const policy = this.exactCapacity(`${name}-rest`, target, args.minCapacity, REST_COOLDOWN_SECONDS);
    new aws.cloudwatch.MetricAlarm(
      `${name}-rest-alarm`,
      {
        alarmDescription: `The queue is empty, and every GPU is idle: back to ${args.minCapacity} instance(s).`,
        metricQueries: idleQueries(args.endpointName),
        evaluationPeriods: 5,
        datapointsToAlarm: 5,
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
          // Exact: an instance takes minutes to start, and each further alarm would add another one.
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
 * Metric math: 1 while the queue is empty and every GPU is idle, otherwise 0; missing without GPU metrics.
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
      // A missing queue metric counts as a queue with requests.
      expression: `IF(FILL(backlog,1)==0 AND gpu<${IDLE_GPU_PERCENT},1,0)`,
      returnData: true,
    },
  ];
}
