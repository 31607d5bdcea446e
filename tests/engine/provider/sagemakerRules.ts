import { text } from "./outputs.js";
import { variantsOf } from "./references.js";
import { encryptObjectsWith } from "./keyRules.js";
import { unreadableWeights } from "./weightsRules.js";
import type { CloudView, Rules, CloudResource } from "./cloudState.js";
import { CloudError, type Properties } from "./wire.js";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const MODEL = "aws:sagemaker/model:Model";
const POLICY = "aws:appautoscaling/policy:Policy";
const TARGET = "aws:appautoscaling/target:Target";

/** How long the provider waits for an endpoint, in seconds. The resource has no timeouts that a program could raise. */
const PROVIDER_WAIT_SECONDS = 3_600;

/** Time from a new fleet's request to its service, in seconds: measured for one ml.g5 instance. */
const FLEET_START_SECONDS = 643;

/**
 * Calls that SageMaker and Application Auto Scaling reject.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 */
export const SAGEMAKER_RULES: Readonly<Record<string, Rules>> = {
  [ENDPOINT]: {
    reject: {
      create: existing,
      update: (cloud, endpoint) => inProgress(cloud, endpoint) ?? rejectedUpdate(cloud, endpoint),
      delete: inProgress,
    },
    effect: {
      create: startFleet,
      update: (cloud, endpoint) => {
        startFleet(cloud, endpoint);
        waitForUpdate(cloud, endpoint);
      },
    },
  },
  [MODEL]: { reject: { create: unreadableWeights } },
  [TARGET]: {
    reject: { create: notInService },
    // Deregistering a target deletes its policies.
    effect: {
      delete: (cloud, { id }) => {
        const policies = Object.entries(cloud.state.resources).filter(
          ([, { type, inputs }]) => type === POLICY && inputs["resourceId"] === id,
        );
        for (const [address] of policies) Reflect.deleteProperty(cloud.state.resources, address);
      },
    },
  },
};

/** SageMaker's words, as the provider reports them. */
function existing(cloud: CloudView, { id, outputs }: CloudResource): string | undefined {
  return cloud.find(ENDPOINT, id)
    ? `creating SageMaker AI Endpoint (${id}): operation error SageMaker: CreateEndpoint, api error ValidationException: Cannot create already existing endpoint "${text(outputs["arn"])}".`
    : undefined;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html */
function inProgress(cloud: CloudView, { id }: CloudResource): string | undefined {
  return cloud.find(ENDPOINT, id)?.inProgress === true
    ? `SageMaker AI Endpoint (${id}): ValidationException: Cannot update in-progress endpoint`
    : undefined;
}

function rejectedUpdate(cloud: CloudView, { id, inputs }: CloudResource): string | undefined {
  const existing = cloud.find(ENDPOINT, id);
  if (existing?.failed === true) {
    return `updating SageMaker Endpoint (${id}): ValidationException: Cannot update endpoint with status Failed`;
  }
  const [before, after] = [existing?.inputs, inputs].map((of) =>
    instanceTypes(cloud, text(of?.["endpointConfigName"])),
  );
  for (const { inputs: target } of cloud.all(TARGET)) {
    const [, endpoint, , variant] = text(target["resourceId"]).split("/");
    if (endpoint === id && variant !== undefined && before?.get(variant) !== after?.get(variant)) {
      return `updating SageMaker Endpoint (${id}): ValidationException: Variant ${variant} is registered as a scalable target; deregister it before its instance type is changed`;
    }
  }
  return undefined;
}

/** The instances run with the configuration, and write results with its key. */
function startFleet(cloud: CloudView, { id, inputs }: CloudResource): void {
  const configuration = cloud.find(CONFIGURATION, text(inputs["endpointConfigName"]));
  if (configuration) configuration.runsFor = id;
  const output = nested(nested(configuration?.inputs["asyncInferenceConfig"])["outputConfig"]);
  encryptObjectsWith(cloud, text(output["kmsKeyId"]));
}

/**
 * Fails as the provider does when an update takes longer than its wait. SageMaker continues the update.
 *
 * @throws CloudError
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/39040
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/39090
 */
function waitForUpdate(_cloud: CloudView, { id, inputs }: CloudResource): void {
  const policy = nested(nested(inputs["deploymentConfig"])["blueGreenUpdatePolicy"]);
  const bake = Number(nested(policy["trafficRoutingConfiguration"])["waitIntervalInSeconds"] ?? 0);
  const drain = Number(policy["terminationWaitInSeconds"] ?? 0);
  if (FLEET_START_SECONDS + bake + drain <= PROVIDER_WAIT_SECONDS) return;
  throw new CloudError(
    `waiting for SageMaker Endpoint (${id}) to be in service: timeout while waiting for state to become 'InService' ` +
      `(last state: 'Updating', timeout: ${PROVIDER_WAIT_SECONDS / 60}m0s)`,
  );
}

function nested(value: unknown): Properties {
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}

function notInService(cloud: CloudView, { id }: CloudResource): string | undefined {
  const [, endpoint = "", , variant = ""] = id.split("/");
  const existing = cloud.find(ENDPOINT, endpoint);
  if (
    existing &&
    existing.failed !== true &&
    existing.inProgress !== true &&
    instanceTypes(cloud, text(existing.inputs["endpointConfigName"])).has(variant)
  )
    return undefined;
  return `creating Application AutoScaling Target (${id}): ValidationException: Could not find endpoint and variant in service`;
}

/** Instance type by production variant. */
function instanceTypes(cloud: CloudView, configuration: string): Map<string, string> {
  const variants = variantsOf(cloud.find(CONFIGURATION, configuration)?.inputs["productionVariants"]);
  return new Map(variants.map(({ variantName, instanceType }) => [text(variantName), text(instanceType)]));
}
