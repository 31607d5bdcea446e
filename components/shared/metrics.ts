import type { Input } from "@pulumi/pulumi";

/** Name of the only production variant of the endpoint, which is a dimension of its metrics. */
export const PRODUCTION_VARIANT = "AllTraffic";

/** Seconds of a day: CloudWatch begins such a period at midnight UTC. */
export const DAY_SECONDS = 86_400;

/** Each host reports its CPU once a minute: so many samples are one hour of an instance. */
export const SAMPLES_AN_HOUR = 60;

/** A metric of CloudWatch. */
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

/** A metric of the hosts, such as the utilization of their GPUs. */
export function hostMetric(endpointName: Input<string>, metricName: string): Metric {
  return { namespace: "/aws/sagemaker/Endpoints", metricName, dimensions: variantDimensions(endpointName) };
}

/** A metric of a Lambda function. */
export function functionMetric(functionName: Input<string>, metricName: string): Metric {
  return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName } };
}

/** A metric that a function of the stack counts itself. */
export function ownMetric(functionName: Input<string>, service: string, metricName: string): Metric {
  return { namespace: "AmplifyVep", metricName, dimensions: { service, function_name: functionName } };
}

/** A metric of an SQS queue. */
export function queueMetric(queueName: Input<string>, metricName: string): Metric {
  return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: queueName } };
}

/**
 * A metric of a table of DynamoDB, or of one of its global secondary indexes.
 *
 * @param indexName default: the table itself
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function tableMetric(tableName: Input<string>, metricName: string, indexName?: string): Metric {
  const index = indexName === undefined ? {} : { GlobalSecondaryIndexName: indexName };
  return { namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: tableName, ...index } };
}

function variantDimensions(endpointName: Input<string>): Record<string, Input<string>> {
  return { EndpointName: endpointName, VariantName: PRODUCTION_VARIANT };
}
