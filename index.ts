import { interpolate } from "@pulumi/pulumi";
import { AsyncEndpoint } from "./components/asyncEndpoint.js";
import { readConfig } from "./components/config.js";
import { DataKey } from "./components/dataKey.js";
import { Discovery } from "./components/discovery.js";
import { EndpointScaling } from "./components/endpointScaling.js";
import { InferenceBucket } from "./components/inferenceBucket.js";
import { JobLedger } from "./components/jobLedger.js";
import { ModelImage } from "./components/modelImage.js";
import { networkOf } from "./components/network.js";
import { Observability } from "./components/observability.js";
import { currentPlace } from "./components/place.js";
import { VariantTools } from "./components/variantTools.js";
import { PREFIXES } from "./contract/storage.js";

const config = readConfig();
const place = currentPlace();
const { prefix } = config;

const key = config.encryption === "kms" ? new DataKey(prefix, { ...config, place }) : undefined;
const stack = { ...config, place, ...(key ? { keyArn: key.keyArn } : {}) };
const image = new ModelImage(`${prefix}-image`, stack);
const bucket = new InferenceBucket(prefix, stack);
const ledger = new JobLedger(prefix, stack);
const network = networkOf({ ...stack, bucketArn: bucket.bucketArn, tableArn: ledger.tableArn });
const endpoint = new AsyncEndpoint(prefix, { ...stack, image, bucket, placement: network?.model });
if (config.enableAutoscaling) {
  new EndpointScaling(prefix, { ...stack, scalableResourceId: endpoint.scalableResourceId });
}
const tools = new VariantTools(`${prefix}-tools`, {
  ...stack,
  endpoint,
  bucket,
  ledger,
  modelVersion: image.digest,
  placement: network?.tools,
});
const watch = new Observability(prefix, stack);
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
