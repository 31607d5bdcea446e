import * as aws from "@pulumi/aws";
import { interpolate, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import { variantMetric } from "../shared/metrics.js";
import type { Place } from "../shared/place.js";

/** Server errors of the container within five minutes that indicate a bad image; a lost instance causes one or two. */
const FAULTS = 3;

/** The ARN of the alarm that `rollbackAlarm` creates, for the policy of a role that exists before the alarm. */
export function rollbackAlarmArn(endpointName: string, { account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmName(endpointName)}`;
}

/**
 * The alarm that makes SageMaker roll an update back. It counts server errors of the container (5xx), not bad requests.
 * It watches one endpoint configuration: errors of the old fleet would stop the update that fixes them.
 *
 * @param parent the component that it belongs to
 * @param name logical name
 * @param args.configName the endpoint configuration of the new fleet
 * @param args.alarmTopicArn topic that is notified of the alarm and its end; default: none
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function rollbackAlarm(
  parent: ComponentResource,
  name: string,
  args: {
    readonly endpointName: string;
    readonly configName: Input<string>;
    readonly alarmTopicArn?: Input<string>;
    readonly tags: Readonly<Record<string, string>>;
  },
): aws.cloudwatch.MetricAlarm {
  const { namespace, metricName, dimensions } = variantMetric(args.endpointName, "Invocation5XXErrors");
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: alarmName(args.endpointName),
      alarmDescription:
        "The container of the model fails: SageMaker rolls an update of the endpoint back. See the log of the endpoint.",
      namespace,
      metricName,
      dimensions: { ...dimensions, EndpointConfigName: args.configName },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: FAULTS,
      treatMissingData: "notBreaching",
      ...(args.alarmTopicArn === undefined
        ? {}
        : { alarmActions: [args.alarmTopicArn], okActions: [args.alarmTopicArn] }),
      tags: args.tags,
    },
    { parent },
  );
}

function alarmName(endpointName: string): string {
  return `${endpointName}-bad-image`;
}
