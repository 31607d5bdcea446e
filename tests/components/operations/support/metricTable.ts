/** A metric as AWS, or a function of the stack, publishes it. */
export interface PublishedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly unit: "Bytes" | "Count" | "Microseconds" | "Milliseconds" | "None" | "Percent" | "Seconds";
  readonly source: string;
}

const DOCS = "https://docs.aws.amazon.com/";
const SAGEMAKER = `${DOCS}sagemaker/latest/dg/monitoring-cloudwatch.html`;
const ASYNC = `${DOCS}sagemaker/latest/dg/async-inference-monitor.html`;
const LAMBDA = `${DOCS}lambda/latest/dg/monitoring-metrics-types.html`;
const DYNAMODB = `${DOCS}amazondynamodb/latest/developerguide/metrics-dimensions.html`;
const API = `${DOCS}apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html`;
const STATES = `${DOCS}step-functions/latest/dg/procedure-cw-metrics.html`;
const GATEWAY = `${DOCS}bedrock-agentcore/latest/devguide/observability-gateway-metrics.html`;
const OWN = "lambda/shared/telemetry.ts";

const ENDPOINT = ["EndpointName"];
const VARIANT = ["EndpointName", "VariantName"];
const FUNCTION = ["FunctionName"];
const TABLE = ["TableName"];
const FROM_FUNCTION = ["service", "function_name"];

/** Metrics of one namespace, dimensions and source: names by unit. */
function metrics(
  namespace: string,
  dimensions: readonly string[],
  source: string,
  units: Readonly<Partial<Record<PublishedMetric["unit"], readonly string[]>>>,
): PublishedMetric[] {
  return Object.entries(units).flatMap(([unit, names]) =>
    names.map((name) => ({ namespace, name, dimensions, unit: unit as PublishedMetric["unit"], source })),
  );
}

/** Every metric that the stack uses, with the page, or the file, that says so. */
export const METRIC_TABLE: readonly PublishedMetric[] = [
  ...metrics("AWS/SageMaker", ENDPOINT, ASYNC, {
    Count: ["ApproximateBacklogSize", "HasBacklogWithoutCapacity"],
    Seconds: ["ApproximateAgeOfOldestRequest"],
  }),
  ...metrics("AWS/SageMaker", VARIANT, ASYNC, {
    Count: ["ExpiredRequests", "InvocationFailures", "InvocationsProcessed"],
    Milliseconds: ["TimeInBacklog", "TotalProcessingTime"],
  }),
  ...metrics("AWS/SageMaker", VARIANT, SAGEMAKER, { Microseconds: ["ModelLatency"] }),
  ...metrics("AWS/SageMaker", [...VARIANT, "EndpointConfigName"], SAGEMAKER, { None: ["Invocation5XXErrors"] }),
  ...metrics("/aws/sagemaker/Endpoints", VARIANT, SAGEMAKER, {
    Percent: ["CPUUtilization", "GPUMemoryUtilization", "GPUUtilization"],
  }),
  ...metrics("AWS/Lambda", FUNCTION, LAMBDA, {
    Count: ["DestinationDeliveryFailures", "Errors", "Invocations", "Throttles"],
    Milliseconds: ["Duration", "IteratorAge"],
  }),
  ...metrics("AWS/DynamoDB", TABLE, DYNAMODB, { Count: ["ReadThrottleEvents", "WriteThrottleEvents"] }),
  ...metrics("AWS/DynamoDB", [...TABLE, "GlobalSecondaryIndexName"], DYNAMODB, { Count: ["WriteThrottleEvents"] }),
  ...metrics(
    "AWS/SQS",
    ["QueueName"],
    `${DOCS}AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html`,
    {
      Count: ["ApproximateNumberOfMessagesVisible"],
    },
  ),
  ...metrics("AWS/Kinesis", ["StreamName"], `${DOCS}streams/latest/dev/monitoring-with-cloudwatch.html`, {
    Count: ["IncomingRecords", "WriteProvisionedThroughputExceeded"],
  }),
  ...metrics("AWS/States", ["StateMachineArn"], STATES, {
    Count: ["ExecutionsAborted", "ExecutionsFailed", "ExecutionsStarted", "ExecutionsSucceeded"],
  }),
  ...metrics("AWS/Athena", ["WorkGroup"], `${DOCS}athena/latest/ug/query-metrics-viewing.html`, {
    Bytes: ["ProcessedBytes"],
  }),
  ...metrics("AWS/ApiGateway", ["ApiName", "Stage"], API, {
    Count: ["4XXError", "5XXError", "CacheHitCount", "Count"],
    Milliseconds: ["Latency"],
  }),
  // Asked by queries over all operations: Resource alone is named.
  ...metrics("AWS/Bedrock-AgentCore", ["Resource"], GATEWAY, {
    Count: ["Invocations", "SystemErrors", "Throttles", "UserErrors"],
    Milliseconds: ["Latency"],
  }),
  ...metrics("AmplifyVep", FROM_FUNCTION, OWN, {
    Count: [
      "JobsCompleted",
      "JobsFailed",
      "JobsPastDeadline",
      "JobsSent",
      "JobsSubmitted",
      "JobsWaiting",
      "RecordsAccepted",
      "RecordsFailed",
      "RecordsRefused",
    ],
  }),
  ...metrics("AmplifyVep", [...FROM_FUNCTION, "model_version"], OWN, {
    Count: ["JobsCompleted", "JobsFailed", "JobsSubmitted"],
  }),
];

/** One metric as a text, to compare. */
export function metricId({
  namespace,
  name,
  dimensions,
}: Pick<PublishedMetric, "namespace" | "name" | "dimensions">): string {
  return `${namespace} ${name} {${[...dimensions].sort().join(",")}}`;
}
