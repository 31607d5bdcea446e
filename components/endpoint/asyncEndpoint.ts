import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";
import {
  all,
  ComponentResource,
  interpolate,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { PREFIXES } from "../../contract/storage.js";
import { asyncInference, productionVariant, type NotificationTopics } from "./endpointConfiguration.js";
import { endpointPolicy } from "./endpointPolicy.js";
import { containerOf, readableBy, type ModelData } from "./modelData.js";
import { recoverable, servedConfiguration } from "./endpointRecovery.js";
import { BAKE_SECONDS, UPDATE_SECONDS } from "../../contract/limits.js";
import { PRODUCTION_VARIANT } from "../shared/metrics.js";
import { encryptedLogGroup, endpointLogGroup } from "../shared/logGroup.js";
import { modelInterfaces, type NetworkPlacement } from "../shared/placement.js";
import { rollbackAlarmName } from "../shared/modelNames.js";
import { alarmArn, type Place } from "../shared/place.js";
import { rollbackAlarm } from "./rollbackAlarm.js";
import { serviceRole, type RoleRules, type ServiceRole } from "../shared/serviceRole.js";

/**
 * After this time SageMaker ends an update and rolls it back, in seconds: with a margin for a slow start, and early
 * enough that the provider, which waits 3,600 s, still sees the rollback.
 */
const UPDATE_TIMEOUT_SECONDS = UPDATE_SECONDS + 300;

export interface AsyncEndpointArgs extends RoleRules {
  /** Name of the endpoint, fixed in advance so that its log group can be created before it. */
  readonly endpointName: string;
  /**
   * Name of a model version beside `base`, for the text of its alarm.
   *
   * @default the endpoint is that of `base`
   */
  readonly versionName?: string | undefined;
  /** ARN of an existing execution role, used as it is; empty makes one. */
  readonly executionRoleArn: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  readonly image: {
    readonly uri: Input<string>;
    readonly digest: Output<string>;
    readonly repositoryArn: Input<string>;
  };
  /**
   * Weights in S3.
   *
   * @default those in the image
   */
  readonly modelData?: ModelData | undefined;
  readonly bucket: { readonly bucketName: Input<string>; readonly bucketArn: Input<string> };
  /** A type of the table in `gpuInstances.ts`. */
  readonly instanceType: string;
  /** Requests that one instance processes at the same time, 1 to 1000. */
  readonly maxConcurrentInvocations: number;
  /** How long one invocation may take, in seconds: an update keeps the old fleet for so long. */
  readonly maxInvocationSeconds: number;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of results and logs.
   *
   * @default the keys of S3 and CloudWatch
   */
  readonly keyArn?: Input<string>;
  /**
   * Network in which the model runs.
   *
   * @default the network of SageMaker
   */
  readonly placement?: NetworkPlacement | undefined;
  /**
   * Topics that SageMaker notifies of finished requests.
   *
   * @default none
   */
  readonly topics?: NotificationTopics;
  /**
   * Topic that the rollback alarm notifies.
   *
   * @default none
   */
  readonly alarmTopicArn?: Input<string>;
}

/** The model's asynchronous endpoint: role, log group, model, endpoint configuration and endpoint. */
export class AsyncEndpoint extends ComponentResource {
  readonly endpointName: Output<string>;
  readonly endpointArn: Output<string>;
  readonly endpointConfigName: Output<string>;
  readonly modelName: Output<string>;
  readonly roleArn: Output<string>;
  /** Policies on which the model's network depends, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];
  /** Location of results: `s3://bucket/prefix`. */
  readonly outputPath: Output<string>;
  /** Location of failures: `s3://bucket/prefix`. */
  readonly failurePath: Output<string>;
  /** Resource id for a scalable target. A change of the instance type replaces it, and with it the target. */
  readonly scalableResourceId: Output<string>;

  constructor(name: string, args: AsyncEndpointArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:AsyncEndpoint", name, {}, opts);
    const logs = encryptedLogGroup(this, `${name}-endpoint-logs`, endpointLogGroup(args.endpointName), args);
    const role = this.role(name, args, logs);
    const { modelData: data, place } = args;
    const weights =
      data && args.executionRoleArn === "" ? readableBy(role.arn, data, { parent: this, name, place }) : role.arn;
    const model = this.model(name, args, weights);
    const config = this.config(name, args, model);
    const registration = this.registration(name, args);
    const alarm = rollbackAlarm(this, `${name}-bad-image`, { ...args, configName: config.name });
    const endpoint = this.endpoint(name, args, { config, alarm }, [logs, registration]);
    this.endpointName = endpoint.name;
    this.endpointArn = endpoint.arn;
    this.endpointConfigName = servedConfiguration(endpoint, config);
    this.modelName = model.name;
    this.roleArn = role.arn;
    this.networkPolicies = role.networkPolicies;
    this.outputPath = interpolate`s3://${args.bucket.bucketName}/${PREFIXES.output}`;
    this.failurePath = interpolate`s3://${args.bucket.bucketName}/${PREFIXES.failure}`;
    this.scalableResourceId = all([endpoint.name, registration.keepers]).apply(
      ([endpointName]) => `endpoint/${endpointName}/variant/${PRODUCTION_VARIANT}`,
    );
    this.registerOutputs({ endpointName: this.endpointName, endpointArn: this.endpointArn });
  }

  private role(name: string, args: AsyncEndpointArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    const { account, partition, region } = args.place;
    return serviceRole(this, `${name}-endpoint`, {
      ...args,
      existingArn: args.executionRoleArn,
      service: "sagemaker.amazonaws.com",
      // For inference, AWS asks for exactly this pattern, and not for the ARN of a model or an endpoint.
      // @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
      sourceArn: interpolate`arn:${partition}:sagemaker:${region}:${account}:*`,
      policy: endpointPolicy({
        bucketArn: args.bucket.bucketArn,
        repositoryArn: args.image.repositoryArn,
        logGroupArn: logs.arn,
        rollbackAlarmArn: alarmArn(rollbackAlarmName(args.endpointName), args.place),
        topicArns: args.topics ? [args.topics.successArn, args.topics.errorArn] : [],
      }),
      attachment: args.placement ? modelInterfaces() : [],
    });
  }

  private model(name: string, args: AsyncEndpointArgs, executionRoleArn: Input<string>): aws.sagemaker.Model {
    const { image, modelData: data, placement, tags } = args;
    return new aws.sagemaker.Model(
      `${name}-model`,
      {
        executionRoleArn,
        primaryContainer: containerOf(image, data),
        enableNetworkIsolation: true,
        ...(placement
          ? { vpcConfig: { subnets: [...placement.subnetIds], securityGroupIds: [...placement.securityGroupIds] } }
          : {}),
        tags,
      },
      { parent: this },
    );
  }

  private config(
    name: string,
    args: AsyncEndpointArgs,
    model: aws.sagemaker.Model,
  ): aws.sagemaker.EndpointConfiguration {
    return new aws.sagemaker.EndpointConfiguration(
      // Named by Pulumi: an endpoint is updated only when the name of its configuration changes.
      `${name}-config`,
      {
        productionVariants: [productionVariant(model.name, args.instanceType)],
        asyncInferenceConfig: asyncInference(args),
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /**
   * Represents the registration of an instance type with auto scaling. SageMaker refuses to change the type of a
   * registered production variant. Everything that is computed from this resource is therefore deleted before the
   * endpoint is updated, and created again after it.
   */
  private registration(name: string, { instanceType }: AsyncEndpointArgs): random.RandomId {
    return new random.RandomId(
      `${name}-registration`,
      { byteLength: 4, keepers: { instanceType } },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  private endpoint(
    name: string,
    { endpointName, maxInvocationSeconds, tags }: AsyncEndpointArgs,
    { config, alarm }: { config: aws.sagemaker.EndpointConfiguration; alarm: aws.cloudwatch.MetricAlarm },
    dependsOn: (aws.cloudwatch.LogGroup | random.RandomId)[],
  ): aws.sagemaker.Endpoint {
    return new aws.sagemaker.Endpoint(
      `${name}-endpoint`,
      {
        name: endpointName,
        endpointConfigName: config.name,
        deploymentConfig: {
          blueGreenUpdatePolicy: {
            trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: BAKE_SECONDS },
            terminationWaitInSeconds: maxInvocationSeconds,
            maximumExecutionTimeoutInSeconds: UPDATE_TIMEOUT_SECONDS,
          },
          autoRollbackConfiguration: { alarms: [{ alarmName: alarm.name }] },
        },
        tags,
      },
      { parent: this, dependsOn, ...recoverable(`${name}-endpoint`) },
    );
  }
}
