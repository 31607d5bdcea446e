import { text } from "./outputs.js";
import { variantsOf } from "./references.js";
import type { CloudView, Rules, CloudResource } from "./cloudState.js";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const POLICY = "aws:appautoscaling/policy:Policy";
const TARGET = "aws:appautoscaling/target:Target";

/**
 * Calls that SageMaker and Application Auto Scaling reject.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 */
export const SAGEMAKER_RULES: Readonly<Record<string, Rules>> = {
  [ENDPOINT]: { reject: { update: rejectedUpdate } },
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

function notInService(cloud: CloudView, { id }: CloudResource): string | undefined {
  const [, endpoint = "", , variant = ""] = id.split("/");
  const existing = cloud.find(ENDPOINT, endpoint);
  if (
    existing &&
    existing.failed !== true &&
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
