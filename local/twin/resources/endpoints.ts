import type { EndpointSettings } from "../sagemaker/endpoint.js";
import { SAGEMAKER_TYPES } from "./compute.js";
import { list, nested, number, required, text } from "./properties.js";
import type { Made, Properties } from "./types.js";

/** An endpoint, and what its container is told. */
export interface PlannedEndpoint {
  readonly settings: EndpointSettings;
  readonly containerEnvironment: Readonly<Record<string, string>>;
}

/**
 * Puts endpoint, endpoint configuration, model and scalable target together.
 *
 * @param made the program's resources by Pulumi type
 * @throws RangeError where an endpoint refers to something that the program does not make
 */
export function assembleEndpoints(made: ReadonlyMap<string, readonly Made[]>): PlannedEndpoint[] {
  return (made.get(SAGEMAKER_TYPES.endpoint) ?? []).map(({ id, state }) => {
    const configName = required(state, "endpointConfigName");
    const config = byName(made, SAGEMAKER_TYPES.config, configName);
    const [variant = {}] = list(config, "productionVariants");
    const container = nested(byName(made, SAGEMAKER_TYPES.model, required(variant, "modelName")), "primaryContainer");
    return {
      settings: {
        name: text(state, "name") ?? id,
        configName,
        variantName: text(variant, "variantName") ?? "AllTraffic",
        instanceType: required(variant, "instanceType"),
        image: required(container, "image"),
        minCapacity: minCapacityOf(made.get(SAGEMAKER_TYPES.scalableTarget) ?? [], text(state, "name") ?? id),
        ...asyncSettings(nested(config, "asyncInferenceConfig")),
      },
      containerEnvironment: nested(container, "environment") as Record<string, string>,
    };
  });
}

function byName(made: ReadonlyMap<string, readonly Made[]>, type: string, name: string): Properties {
  const found = made.get(type)?.find(({ id, state }) => id === name || state["name"] === name);
  if (!found) throw new RangeError(`The program refers to ${type} '${name}', but makes none of that name.`);
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

/** The least number of instances that scaling leaves; 1 where nothing scales. */
function minCapacityOf(targets: readonly Made[], endpoint: string): number {
  const target = targets.find(({ state }) => required(state, "resourceId").split("/")[1] === endpoint);
  return target ? number(target.state, "minCapacity", 1) : 1;
}
