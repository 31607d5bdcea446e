import * as aws from "@pulumi/aws";
import type { ComponentResource } from "@pulumi/pulumi";
import { variantMetric } from "../shared/metrics.js";

/** Server errors of the container within five minutes that indicate a bad image; a lost instance causes one or two. */
const FAULTS = 3;

/**
 * The alarm that makes SageMaker roll an update back. It counts server errors of the container (5xx), not bad requests.
 *
 * @param parent the component that it belongs to
 * @param name logical name
 */
export function rollbackAlarm(
  parent: ComponentResource,
  name: string,
  args: { readonly endpointName: string; readonly tags: Readonly<Record<string, string>> },
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription:
        "The container of the model fails: SageMaker rolls an update of the endpoint back. See the log of the endpoint.",
      ...variantMetric(args.endpointName, "Invocation5XXErrors"),
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: FAULTS,
      treatMissingData: "notBreaching",
      tags: args.tags,
    },
    { parent },
  );
}
