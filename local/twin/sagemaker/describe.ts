import { arnOf } from "../account.js";
import type { AsyncEndpoint } from "./endpoint.js";

function statusOf({ load }: AsyncEndpoint): string {
  return load.ready === load.desired ? "InService" : "Updating";
}

/** An endpoint, as ListEndpoints gives it. */
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

/** An endpoint, as DescribeEndpoint gives it. */
export function describeEndpoint(endpoint: AsyncEndpoint): object {
  const { settings, load } = endpoint;
  return {
    ...summaryOf(endpoint),
    EndpointConfigName: settings.configName,
    ProductionVariants: [
      {
        VariantName: settings.variantName,
        DeployedImages: [{ SpecifiedImage: settings.image, ResolvedImage: settings.image }],
        CurrentWeight: 1,
        DesiredWeight: 1,
        CurrentInstanceCount: load.ready,
        DesiredInstanceCount: load.desired,
      },
    ],
    AsyncInferenceConfig: asyncConfig(endpoint),
  };
}

/** Its configuration, as DescribeEndpointConfig gives it. */
export function describeConfig(endpoint: AsyncEndpoint): object {
  const { configName, variantName, instanceType } = endpoint.settings;
  return {
    EndpointConfigName: configName,
    EndpointConfigArn: arnOf("sagemaker", `endpoint-config/${configName.toLowerCase()}`),
    ProductionVariants: [
      { VariantName: variantName, InstanceType: instanceType, InitialInstanceCount: 1, InitialVariantWeight: 1 },
    ],
    AsyncInferenceConfig: asyncConfig(endpoint),
    CreationTime: endpoint.createdAt / 1000,
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
