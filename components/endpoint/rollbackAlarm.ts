import * as aws from "@pulumi/aws";
import type { ComponentResource } from "@pulumi/pulumi";
import { variantMetric } from "../shared/metrics.js";

/** Faults of the container within five minutes that tell of a bad image; one or two may be an instance that went. */
const FAULTS = 3;

/**
 * The alarm on which SageMaker rolls an update back. It counts the container's own faults (5xx), not bad requests.
 *
 * @param parent the component that it belongs to
 * @param name its logical name
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
        "The model's container fails: an update of the endpoint is rolled back. See the endpoint's log.",
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
