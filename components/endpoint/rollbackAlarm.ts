import * as aws from "@pulumi/aws";
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { variantMetric } from "../shared/metrics.js";
import { rollbackAlarmName } from "../shared/modelNames.js";
import { withRunbook } from "../shared/runbook.js";

/** Server errors of the container within five minutes that indicate a bad image; a lost instance causes one or two. */
const FAULTS = 3;

/**
 * The alarm that makes SageMaker roll an update back. It counts server errors of the container (5xx), not bad requests.
 * It watches one endpoint configuration: errors of the old fleet would stop the update that fixes them.
 *
 * @param parent the component that it belongs to
 * @param name logical name
 * @param args.versionName name of a model version beside `base`, which the text of its alarm begins with
 * @param args.configName the endpoint configuration of the new fleet
 * @param args.alarmTopicArn topic that is notified of the alarm and its end; default: none
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function rollbackAlarm(
  parent: ComponentResource,
  name: string,
  args: {
    readonly endpointName: string;
    readonly versionName?: string | undefined;
    readonly configName: Input<string>;
    readonly alarmTopicArn?: Input<string>;
    readonly tags: Readonly<Record<string, string>>;
  },
): aws.cloudwatch.MetricAlarm {
  const { namespace, metricName, dimensions } = variantMetric(args.endpointName, "Invocation5XXErrors");
  const whose = args.versionName === undefined ? "" : `Model version ${args.versionName}: `;
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: rollbackAlarmName(args.endpointName),
      alarmDescription: withRunbook(
        `${whose}The container of the newest configuration answers 5xx: callers get failed jobs, and SageMaker rolls a running update back. See the log of the endpoint, then fix the image.`,
        "bad-image",
      ),
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
