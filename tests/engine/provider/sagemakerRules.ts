import { text } from "./outputs.js";
import { variantsOf } from "./references.js";
import type { Holdings, Rules, Thing } from "./things.js";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const POLICY = "aws:appautoscaling/policy:Policy";
const TARGET = "aws:appautoscaling/target:Target";

/**
 * What SageMaker and its auto scaling refuse.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 */
export const SAGEMAKER_RULES: Readonly<Record<string, Rules>> = {
  [ENDPOINT]: { refuse: { update: updateRefused } },
  [TARGET]: {
    refuse: { create: notInService },
    // Deregistering drops the target's policies.
    effect: {
      delete: (cloud, { id }) => {
        const dropped = Object.entries(cloud.state.things).filter(
          ([, { type, inputs }]) => type === POLICY && inputs["resourceId"] === id,
        );
        for (const [address] of dropped) Reflect.deleteProperty(cloud.state.things, address);
      },
    },
  },
};

function updateRefused(cloud: Holdings, { id, inputs }: Thing): string | undefined {
  const held = cloud.find(ENDPOINT, id);
  if (held?.failed === true) {
    return `updating SageMaker Endpoint (${id}): ValidationException: Cannot update endpoint with status Failed`;
  }
  const [before, after] = [held?.inputs, inputs].map((of) => instanceTypes(cloud, text(of?.["endpointConfigName"])));
  for (const { inputs: target } of cloud.all(TARGET)) {
    const [, endpoint, , variant] = text(target["resourceId"]).split("/");
    if (endpoint === id && variant !== undefined && before?.get(variant) !== after?.get(variant)) {
      return `updating SageMaker Endpoint (${id}): ValidationException: Variant ${variant} is registered as a scalable target; deregister it before its instance type is changed`;
    }
  }
  return undefined;
}

function notInService(cloud: Holdings, { id }: Thing): string | undefined {
  const [, endpoint = "", , variant = ""] = id.split("/");
  const held = cloud.find(ENDPOINT, endpoint);
  if (held && held.failed !== true && instanceTypes(cloud, text(held.inputs["endpointConfigName"])).has(variant))
    return undefined;
  return `creating Application AutoScaling Target (${id}): ValidationException: Could not find endpoint and variant in service`;
}

/** Instance type by production variant. */
function instanceTypes(cloud: Holdings, configuration: string): Map<string, string> {
  const variants = variantsOf(cloud.find(CONFIGURATION, configuration)?.inputs["productionVariants"]);
  return new Map(variants.map(({ variantName, instanceType }) => [text(variantName), text(instanceType)]));
}
