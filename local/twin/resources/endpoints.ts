import type { EndpointSettings } from "../sagemaker/endpoint.js";
import { SAGEMAKER_TYPES } from "./compute.js";
import { list, nested, number, required, text } from "./properties.js";
import type { Properties, Resource } from "./types.js";

/** Resources by Pulumi type. */
type ResourcesByType = ReadonlyMap<string, readonly Resource[]>;

/**
 * Makes the settings of each endpoint from its endpoint configuration, model and scalable target.
 *
 * @returns in the order of their names, as the program registers them in no order: the endpoint of `base` is the first
 * @throws RangeError if an endpoint refers to a resource that the program does not have
 */
export function assembleEndpoints(resources: ResourcesByType): EndpointSettings[] {
  const settings = (resources.get(SAGEMAKER_TYPES.endpoint) ?? []).map(({ id, state }) => {
    const name = text(state, "name") ?? id;
    const configName = required(state, "endpointConfigName");
    const config = byName(resources, SAGEMAKER_TYPES.config, configName);
    const [variant = {}] = list(config, "productionVariants");
    const modelName = required(variant, "modelName");
    const model = byName(resources, SAGEMAKER_TYPES.model, modelName);
    const container = nested(model, "primaryContainer");
    return {
      name,
      configName,
      variantName: text(variant, "variantName") ?? "AllTraffic",
      instanceType: required(variant, "instanceType"),
      model: {
        name: modelName,
        image: required(container, "image"),
        environment: nested(container, "environment") as Record<string, string>,
        executionRoleArn: required(model, "executionRoleArn"),
      },
      minCapacity: minCapacityOf(resources.get(SAGEMAKER_TYPES.scalableTarget) ?? [], name),
      ...asyncSettings(nested(config, "asyncInferenceConfig")),
    };
  });
  return settings.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function byName(resources: ResourcesByType, type: string, name: string): Properties {
  const found = resources.get(type)?.find(({ id, state }) => id === name || state["name"] === name);
  if (!found) throw new RangeError(`The program refers to ${type} '${name}', but registers none of that name.`);
  return found.state;
}

function asyncSettings(
  config: Properties,
): Pick<EndpointSettings, "outputPath" | "failurePath" | "concurrency" | "successTopic" | "errorTopic"> {
  const output = nested(config, "outputConfig");
  const topics = nested(output, "notificationConfig");
  const successTopic = text(topics, "successTopic");
  const errorTopic = text(topics, "errorTopic");
  return {
    outputPath: required(output, "s3OutputPath"),
    failurePath: required(output, "s3FailurePath"),
    concurrency: number(nested(config, "clientConfig"), "maxConcurrentInvocationsPerInstance", 1),
    ...(successTopic === undefined ? {} : { successTopic }),
    ...(errorTopic === undefined ? {} : { errorTopic }),
  };
}

/** Smallest number of instances; 1 if the endpoint has no scalable target. */
function minCapacityOf(targets: readonly Resource[], endpoint: string): number {
  const target = targets.find(({ state }) => required(state, "resourceId").split("/")[1] === endpoint);
  return target ? number(target.state, "minCapacity", 1) : 1;
}
