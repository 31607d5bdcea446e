import { expect } from "chai";
import { SAGEMAKER_TYPES } from "../../../../local/twin/resources/compute.js";
import { assembleEndpoints } from "../../../../local/twin/resources/endpoints.js";
import type { Resource } from "../../../../local/twin/resources/types.js";

const NAMES = ["stack-endpoint", "stack-model-v2-endpoint"];

/** The resources of endpoints, registered in the order of their names as given. */
function registered(names: readonly string[]): ReadonlyMap<string, readonly Resource[]> {
  const of = (type: string, state: (name: string) => Record<string, unknown>): [string, Resource[]] => [
    type,
    names.map((name) => ({ id: name, state: state(name) })),
  ];
  return new Map([
    of(SAGEMAKER_TYPES.endpoint, (name) => ({ name, endpointConfigName: `${name}-config` })),
    of(SAGEMAKER_TYPES.config, (name) => ({
      name: `${name}-config`,
      productionVariants: [{ modelName: `${name}-model`, instanceType: "ml.g6.2xlarge" }],
      asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://b/out", s3FailurePath: "s3://b/failed" } },
    })),
    of(SAGEMAKER_TYPES.model, (name) => ({
      name: `${name}-model`,
      primaryContainer: { image: "image" },
      executionRoleArn: "role",
    })),
  ]);
}

describe("the endpoints of the twin", () => {
  for (const names of [NAMES, NAMES.toReversed()]) {
    it(`are in the order of their names where the program registers ${names[0]} first`, () => {
      const endpoints = assembleEndpoints(registered(names));

      expect(endpoints.map(({ name, model }) => [name, model.name])).to.deep.equal(
        NAMES.map((name) => [name, `${name}-model`]),
      );
    });
  }
});
