import { arnOf } from "../account.js";
import type { AsyncEndpoint } from "./endpoint.js";

function statusOf({ broken, load }: AsyncEndpoint): string {
  if (broken) return broken.status;
  return load.ready === load.desired ? "InService" : "Updating";
}

/** An endpoint as ListEndpoints returns it. */
export function summaryOf(endpoint: AsyncEndpoint): object {
  const seconds = endpoint.createdAt / 1000;
  return {
    EndpointName: endpoint.settings.name,
    EndpointArn: endpoint.arn,
    EndpointStatus: statusOf(endpoint),
    CreationTime: seconds,
    LastModifiedTime: seconds,
  };
}

/** The answer of DescribeEndpoint. */
export function describeEndpoint(endpoint: AsyncEndpoint): object {
  const { settings, load } = endpoint;
  const { image } = settings.model;
  return {
    ...summaryOf(endpoint),
    EndpointConfigName: settings.configName,
    ...(endpoint.broken && { FailureReason: endpoint.broken.reason }),
    ProductionVariants: [
      {
        VariantName: settings.variantName,
        DeployedImages: [{ SpecifiedImage: image, ResolvedImage: image }],
        CurrentWeight: 1,
        DesiredWeight: 1,
        CurrentInstanceCount: load.ready,
        DesiredInstanceCount: load.desired,
      },
    ],
    AsyncInferenceConfig: asyncConfig(endpoint),
  };
}

/** The answer of DescribeEndpointConfig. */
export function describeConfig(endpoint: AsyncEndpoint): object {
  const { configName, variantName, instanceType, model } = endpoint.settings;
  return {
    EndpointConfigName: configName,
    EndpointConfigArn: arnOf("sagemaker", `endpoint-config/${configName.toLowerCase()}`),
    ProductionVariants: [
      {
        VariantName: variantName,
        ModelName: model.name,
        InstanceType: instanceType,
        InitialInstanceCount: 1,
        InitialVariantWeight: 1,
      },
    ],
    AsyncInferenceConfig: asyncConfig(endpoint),
    CreationTime: endpoint.createdAt / 1000,
  };
}

/** The answer of DescribeModel. */
export function describeModel({ settings, createdAt }: AsyncEndpoint): object {
  const { name, image, environment, executionRoleArn } = settings.model;
  return {
    ModelName: name,
    ModelArn: arnOf("sagemaker", `model/${name.toLowerCase()}`),
    PrimaryContainer: { Image: image, Environment: environment },
    ExecutionRoleArn: executionRoleArn,
    CreationTime: createdAt / 1000,
  };
}

function asyncConfig({ settings }: AsyncEndpoint): object {
  const { outputPath, failurePath, successTopic, errorTopic, concurrency } = settings;
  const topics = {
    ...(successTopic === undefined ? {} : { SuccessTopic: successTopic }),
    ...(errorTopic === undefined ? {} : { ErrorTopic: errorTopic }),
  };
  return {
    ClientConfig: { MaxConcurrentInvocationsPerInstance: concurrency },
    OutputConfig: {
      S3OutputPath: outputPath,
      S3FailurePath: failurePath,
      ...(Object.keys(topics).length > 0 ? { NotificationConfig: topics } : {}),
    },
  };
}
