import type { Input } from "@pulumi/pulumi";

/** Name of the endpoint's only production variant: a dimension of its metrics. */
export const PRODUCTION_VARIANT = "AllTraffic";

/** A metric of CloudWatch: where it is, and what tells it from others of its name. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, Input<string>>>;
}

/** A metric of the whole endpoint, such as its queue. */
export function endpointMetric(endpointName: Input<string>, metricName: string): Metric {
  return { namespace: "AWS/SageMaker", metricName, dimensions: { EndpointName: endpointName } };
}

/** A metric of the production variant, such as the model's latency. */
export function variantMetric(endpointName: Input<string>, metricName: string): Metric {
  return { namespace: "AWS/SageMaker", metricName, dimensions: variantDimensions(endpointName) };
}

/** A metric of the hosts, such as their GPUs' utilization. */
export function hostMetric(endpointName: Input<string>, metricName: string): Metric {
  return { namespace: "/aws/sagemaker/Endpoints", metricName, dimensions: variantDimensions(endpointName) };
}

/** A metric of a Lambda function. */
export function functionMetric(functionName: Input<string>, metricName: string): Metric {
  return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName } };
}

function variantDimensions(endpointName: Input<string>): Record<string, Input<string>> {
  return { EndpointName: endpointName, VariantName: PRODUCTION_VARIANT };
}
