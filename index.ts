import { interpolate } from "@pulumi/pulumi";
import { AsyncEndpoint } from "./components/asyncEndpoint.js";
import { readConfig } from "./components/config.js";
import { Discovery } from "./components/discovery.js";
import { EndpointScaling } from "./components/endpointScaling.js";
import { InferenceBucket } from "./components/inferenceBucket.js";
import { JobLedger } from "./components/jobLedger.js";
import { ModelImage } from "./components/modelImage.js";
import { Observability } from "./components/observability.js";
import { currentPlace } from "./components/place.js";
import { VariantTools } from "./components/variantTools.js";
import { PREFIXES } from "./contract/storage.js";

const config = readConfig();
const place = currentPlace();
const { prefix } = config;

const image = new ModelImage(`${prefix}-image`, { ...config, place });
const bucket = new InferenceBucket(prefix, { ...config, place });
const ledger = new JobLedger(prefix, config);
const endpoint = new AsyncEndpoint(prefix, { ...config, place, endpointName: `${prefix}-endpoint`, image, bucket });
if (config.enableAutoscaling) {
  const { endpointName, scalableResourceId } = endpoint;
  new EndpointScaling(prefix, { ...config, endpointName, scalableResourceId });
}
const tools = new VariantTools(`${prefix}-tools`, {
  ...config,
  place,
  functionName: `${prefix}-async-endpoint-lambda`,
  endpoint,
  bucket,
  ledger,
  model: { id: config.modelId, revision: config.modelRevision, version: image.digest },
  memoryMb: config.lambdaMemoryMb,
  timeoutSeconds: config.lambdaTimeoutSeconds,
  reservedConcurrency: config.lambdaReservedConcurrency,
});
const watch = new Observability(prefix, {
  ...config,
  place,
  dashboardName: prefix,
  endpointName: endpoint.endpointName,
  functionName: tools.functionName,
  timeoutSeconds: config.lambdaTimeoutSeconds,
});
new Discovery(prefix, {
  ...config,
  functionArn: tools.functionArn,
  endpointName: endpoint.endpointName,
  bucketName: bucket.bucketName,
  jobTableName: ledger.tableName,
});

export const resourcePrefix = prefix;
export const lambdaFunctionName = tools.functionName;
export const lambdaFunctionArn = tools.functionArn;
export const endpointName = endpoint.endpointName;
export const endpointArn = endpoint.endpointArn;
export const endpointConfigName = endpoint.endpointConfigName;
export const modelName = endpoint.modelName;
export const imageUri = image.uri;
export const s3BucketName = bucket.bucketName;
export const s3BucketArn = bucket.bucketArn;
export const asyncInferenceInputPath = interpolate`s3://${bucket.bucketName}/${PREFIXES.input}`;
export const asyncInferenceOutputPath = endpoint.outputPath;
export const asyncInferenceFailurePath = endpoint.failurePath;
export const executionRoleArn = endpoint.roleArn;
export const jobTableName = ledger.tableName;
export const dashboardUrl = watch.dashboardUrl;
