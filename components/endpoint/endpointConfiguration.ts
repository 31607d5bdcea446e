import type { types } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { PRODUCTION_VARIANT } from "../shared/metrics.js";
import { gpuInstance } from "../shared/gpuInstances.js";

/** How long the container may take to load the model and answer /ping, in seconds. */
const STARTUP_SECONDS = 1800;

/** Topics that SageMaker notifies of finished requests. */
export interface NotificationTopics {
  readonly successArn: Input<string>;
  readonly errorArn: Input<string>;
}

/**
 * The only production variant: the model on one GPU instance, with the host image that contains the driver.
 *
 * @throws RangeError if the instance type is not in the table of `gpuInstances.ts`
 */
export function productionVariant(
  modelName: Input<string>,
  instanceType: string,
): types.input.sagemaker.EndpointConfigurationProductionVariant {
  const host = gpuInstance(instanceType);
  if (!host) throw new RangeError(`'${instanceType}' is not a GPU instance type in the table.`);
  return {
    variantName: PRODUCTION_VARIANT,
    modelName,
    instanceType,
    inferenceAmiVersion: host.hostAmi,
    // Constant: the work of the scaling policies must not appear as a change.
    initialInstanceCount: 1,
    initialVariantWeight: 1,
    containerStartupHealthCheckTimeoutInSeconds: STARTUP_SECONDS,
  };
}

/** The asynchronous part of the configuration: locations, encryption, notifications and requests per instance. */
export function asyncInference(args: {
  readonly bucket: { readonly bucketName: Input<string> };
  /** ARN of the customer key of the results. Default: the encryption of the bucket. */
  readonly keyArn?: Input<string>;
  /** Requests that one instance processes at the same time. */
  readonly maxConcurrentInvocations: number;
  /** Default: nobody is notified. */
  readonly topics?: NotificationTopics;
}): types.input.sagemaker.EndpointConfigurationAsyncInferenceConfig {
  const { bucket, keyArn, maxConcurrentInvocations, topics } = args;
  return {
    clientConfig: { maxConcurrentInvocationsPerInstance: maxConcurrentInvocations },
    outputConfig: {
      s3OutputPath: interpolate`s3://${bucket.bucketName}/${PREFIXES.output}`,
      s3FailurePath: interpolate`s3://${bucket.bucketName}/${PREFIXES.failure}`,
      // Only here: SageMaker refuses a key for the volume of instances with local NVMe.
      ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      ...(topics ? { notificationConfig: { successTopic: topics.successArn, errorTopic: topics.errorArn } } : {}),
    },
  };
}
