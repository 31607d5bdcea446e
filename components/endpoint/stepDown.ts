import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { endpointMetric, hostMetric } from "../shared/metrics.js";
import { stepPolicy } from "./scalingPolicy.js";

/** Length of one period of the alarm, in minutes. CloudWatch evaluates at most a day. */
const PERIOD_MINUTES = 5;

/**
 * Stops one instance where a trickle of requests keeps more instances up than it needs: for the whole time, fewer requests
 * were there than fit on one instance less. SageMaker chooses the instance, whether it works or not: a request in flight can
 * be lost, which is why this is off by default.
 */
export function stepDown(
  parent: ComponentResource,
  name: string,
  args: {
    readonly tags: Readonly<Record<string, string>>;
    readonly endpointName: Input<string>;
    readonly maxConcurrentInvocations: number;
    readonly stepDownMinutes: number;
  },
  target: aws.appautoscaling.Target,
): void {
  const seconds = args.stepDownMinutes * 60;
  const policy = stepPolicy(parent, `${name}-step-down`, target, {
    adjustmentType: "ChangeInCapacity",
    adjustment: -1,
    cooldown: seconds,
  });
  const periods = Math.ceil(args.stepDownMinutes / PERIOD_MINUTES);
  new aws.cloudwatch.MetricAlarm(
    `${name}-step-down-alarm`,
    {
      alarmDescription: `For ${args.stepDownMinutes} minutes, one instance less could have processed all requests: stops one, which can be busy.`,
      metricQueries: spareQueries(args.endpointName, args.maxConcurrentInvocations),
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treatMissingData: "notBreaching",
      alarmActions: [policy.arn],
      tags: args.tags,
    },
    { parent },
  );
}

/**
 * Metric math: 1 while there are two instances or more, and one less has room for all requests, otherwise 0. The last
 * instance is left to the alarm that knows whether its GPU works.
 *
 * @param endpointName name of the endpoint
 * @param concurrency requests that one instance processes at the same time
 */
export function spareQueries(
  endpointName: Input<string>,
  concurrency: number,
): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const measured = (id: string, metric: ReturnType<typeof endpointMetric>, stat: string) => ({
    id,
    metric: { ...metric, period: PERIOD_MINUTES * 60, stat },
    returnData: false,
  });
  return [
    measured("backlog", endpointMetric(endpointName, "ApproximateBacklogSize"), "Maximum"),
    // Each host sends one sample a minute.
    measured("samples", hostMetric(endpointName, "CPUUtilization"), "SampleCount"),
    {
      id: "spare",
      label: "spare",
      expression: `IF(samples<${2 * PERIOD_MINUTES},0,IF(backlog>(samples/${PERIOD_MINUTES}-1)*${concurrency},0,1))`,
      returnData: true,
    },
  ];
}
