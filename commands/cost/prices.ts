/** Region of the bundled prices. */
export const PRICES_REGION = "us-east-1";

/** Month in which the bundled prices were noted. */
export const PRICES_DATE = "2026-11";

/** One price of a service, without free tiers and volume discounts. */
export interface Price {
  readonly service: string;
  /** US dollars for one unit. */
  readonly usd: number;
  readonly unit: string;
  /** AWS's page with this price. */
  readonly page: string;
  /**
   * Whether a second source has this figure. AWS's pages show prices only in a browser: most are confirmed by what others
   * have written about them.
   */
  readonly confirmed: boolean;
  /** How the Price List API names it: code of the service, and the end of the usage type. Default: it is not refreshed. */
  readonly list?: readonly [serviceCode: string, usageType: string];
}

const price = (
  service: string,
  usd: number,
  unit: string,
  page: string,
  confirmed: boolean,
  list?: Price["list"],
): Price => ({
  service,
  usd,
  unit,
  page: `https://aws.amazon.com/${page}/`,
  confirmed,
  ...(list ? { list } : {}),
});

const MILLION = 1e-6;
const THOUSAND = 1e-3;

/** Prices by what is billed. The hours of instances are in `components/shared/hourlyPrices.ts`. */
export const PRICES = {
  lambdaRequest: price("Lambda", 0.2 * MILLION, "request", "lambda/pricing", true, ["AWSLambda", "Request-ARM"]),
  lambdaSecond: price("Lambda", 0.0000133334, "GB-second (arm64)", "lambda/pricing", true, [
    "AWSLambda",
    "Lambda-GB-Second-ARM",
  ]),
  tableRead: price("DynamoDB", 0.125 * MILLION, "read unit", "dynamodb/pricing/on-demand", true, [
    "AmazonDynamoDB",
    "ReadRequestUnits",
  ]),
  tableWrite: price("DynamoDB", 0.625 * MILLION, "write unit", "dynamodb/pricing/on-demand", true, [
    "AmazonDynamoDB",
    "WriteRequestUnits",
  ]),
  tableStorage: price("DynamoDB", 0.25, "GB-month", "dynamodb/pricing/on-demand", false, [
    "AmazonDynamoDB",
    "TimedStorage-ByteHrs",
  ]),
  objectPut: price("S3", 0.005 * THOUSAND, "PUT", "s3/pricing", false, ["AmazonS3", "Requests-Tier1"]),
  objectGet: price("S3", 0.0004 * THOUSAND, "GET", "s3/pricing", false, ["AmazonS3", "Requests-Tier2"]),
  objectStandard: price("S3", 0.023, "GB-month", "s3/pricing", true, ["AmazonS3", "TimedStorage-ByteHrs"]),
  objectInfrequent: price("S3", 0.0125, "GB-month (Standard-IA)", "s3/pricing", true, [
    "AmazonS3",
    "TimedStorage-SIA-ByteHrs",
  ]),
  objectArchive: price("S3", 0.004, "GB-month (Glacier Instant Retrieval)", "s3/pricing", false, [
    "AmazonS3",
    "TimedStorage-GIR-ByteHrs",
  ]),
  toInfrequent: price("S3", 0.01 * THOUSAND, "transition to Standard-IA", "s3/pricing", false),
  toArchive: price("S3", 0.02 * THOUSAND, "transition to Glacier Instant Retrieval", "s3/pricing", false),
  publish: price("SNS", 0.5 * MILLION, "publication", "sns/pricing", true, ["AmazonSNS", "Requests-Tier1"]),
  queueRequest: price("SQS", 0.4 * MILLION, "request", "sqs/pricing", true, ["AWSQueueService", "Requests-RBP"]),
  transition: price("Step Functions", 0.025 * THOUSAND, "state transition", "step-functions/pricing", true, [
    "AmazonStates",
    "StateTransition",
  ]),
  alarmMetric: price("CloudWatch", 0.1, "metric of an alarm, a month", "cloudwatch/pricing", true, [
    "AmazonCloudWatch",
    "CW:AlarmMonitorUsage",
  ]),
  compositeAlarm: price("CloudWatch", 0.5, "composite alarm, a month", "cloudwatch/pricing", false, [
    "AmazonCloudWatch",
    "CW:CompositeAlarmMonitorUsage",
  ]),
  dashboard: price("CloudWatch", 3, "dashboard, a month", "cloudwatch/pricing", true, [
    "AmazonCloudWatch",
    "DashboardsUsageHour",
  ]),
  ownMetric: price("CloudWatch", 0.3, "metric of one's own, a month", "cloudwatch/pricing", true, [
    "AmazonCloudWatch",
    "CW:MetricMonitorUsage",
  ]),
  logIngestion: price("CloudWatch", 0.5, "GB of logs", "cloudwatch/pricing", true, [
    "AmazonCloudWatch",
    "DataProcessing-Bytes",
  ]),
  logStorage: price("CloudWatch", 0.03, "GB-month of logs", "cloudwatch/pricing", true, [
    "AmazonCloudWatch",
    "TimedStorage-ByteHrs",
  ]),
  trace: price("X-Ray", 5 * MILLION, "recorded trace", "xray/pricing", true, ["AWSXRay", "XRay-TracesStored"]),
  key: price("KMS", 1, "key, a month", "kms/pricing", true, ["awskms", "KMS-Keys"]),
  keyRequest: price("KMS", 0.03 / 10_000, "request", "kms/pricing", true, ["awskms", "KMS-Requests"]),
  imageStorage: price("ECR", 0.1, "GB-month", "ecr/pricing", false, ["AmazonECR", "TimedStorage-ByteHrs"]),
  shardHour: price("Kinesis", 0.015, "hour of a shard", "kinesis/data-streams/pricing", true, [
    "AmazonKinesis",
    "Storage-ShardHour",
  ]),
  payloadUnit: price("Kinesis", 0.014 * MILLION, "payload unit", "kinesis/data-streams/pricing", true, [
    "AmazonKinesis",
    "PutRequestPayloadUnits",
  ]),
  apiRequest: price("API Gateway", 3.5 * MILLION, "request", "api-gateway/pricing", true, [
    "AmazonApiGateway",
    "ApiGatewayRequest",
  ]),
  apiCacheHour: price("API Gateway", 0.02, "hour of a cache of 0.5 GB", "api-gateway/pricing", false, [
    "AmazonApiGateway",
    "ApiGatewayCacheUsage:0.5GB",
  ]),
  gatewayCall: price("AgentCore", 5 * MILLION, "call of a tool", "bedrock/agentcore/pricing", true),
  tokenClient: price("Cognito", 6, "client of tokens, a month", "cognito/pricing", false),
  endpointHour: price("VPC", 0.01, "hour of an interface endpoint in a zone", "privatelink/pricing", true, [
    "AmazonVPC",
    "VpcEndpoint-Hours",
  ]),
  buildMinute: price("CodeBuild", 0.01, "minute of a build", "codebuild/pricing", false),
  scan: price("Athena", 5, "TB scanned", "athena/pricing", false, ["AmazonAthena", "DataScannedInTB"]),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceKey = keyof typeof PRICES;

/** Prices to calculate with: the bundled ones, or some of them refreshed. */
export type PriceTable = Readonly<Record<PriceKey, number>>;

/** The bundled prices. */
export function bundledPrices(): PriceTable {
  return Object.fromEntries(Object.entries(PRICES).map(([key, { usd }]) => [key, usd])) as PriceTable;
}
