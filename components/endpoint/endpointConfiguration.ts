import type { types } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { PRODUCTION_VARIANT } from "../shared/metrics.js";
import { gpuInstance } from "../shared/gpuInstances.js";

/** How long the container may take to load the model and answer /ping, in seconds. */
const STARTUP_SECONDS = 1800;

/** Topics that SageMaker tells of finished requests. */
export interface NotificationTopics {
  readonly successArn: Input<string>;
  readonly errorArn: Input<string>;
}

/**
 * The one production variant: the model on one GPU instance, with the host image that its driver comes from.
 *
 * @throws RangeError where the instance type is not in the GPU table
 */
export function productionVariant(
  modelName: Input<string>,
  instanceType: string,
): types.input.sagemaker.EndpointConfigurationProductionVariant {
  const host = gpuInstance(instanceType);
  if (!host) throw new RangeError(`'${instanceType}' is no GPU instance type in the table.`);
  return {
    variantName: PRODUCTION_VARIANT,
    modelName,
    instanceType,
    inferenceAmiVersion: host.hostAmi,
    // Constant: what the scaling policies did since must not look like a change.
    initialInstanceCount: 1,
    initialVariantWeight: 1,
    containerStartupHealthCheckTimeoutInSeconds: STARTUP_SECONDS,
  };
}

/** Where results and failures go, how they are encrypted, who is told, and how much one instance takes on. */
export function asyncInference(args: {
  readonly bucket: { readonly bucketName: Input<string> };
  /** Customer key of the results; without it the bucket's default. */
  readonly keyArn?: Input<string>;
  readonly maxConcurrentInvocations: number;
  /** Default: nobody is told. */
  readonly topics?: NotificationTopics;
}): types.input.sagemaker.EndpointConfigurationAsyncInferenceConfig {
  const { bucket, keyArn, maxConcurrentInvocations, topics } = args;
  return {
    clientConfig: { maxConcurrentInvocationsPerInstance: maxConcurrentInvocations },
    outputConfig: {
      s3OutputPath: interpolate`s3://${bucket.bucketName}/${PREFIXES.output}`,
      s3FailurePath: interpolate`s3://${bucket.bucketName}/${PREFIXES.failure}`,
      // Only here: an endpoint configuration with a volume key is refused for instances with local NVMe.
      ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      ...(topics ? { notificationConfig: { successTopic: topics.successArn, errorTopic: topics.errorArn } } : {}),
    },
  };
}
