import { isDeepStrictEqual } from "node:util";
import {
  all,
  ResourceHook,
  RunError,
  type CustomResourceOptions,
  type Output,
  type ResourceHookArgs,
} from "@pulumi/pulumi";
import type { sagemaker } from "@pulumi/aws";

/**
 * What lets an endpoint recover that failed to create. SageMaker allows nothing but the deletion of such an endpoint,
 * yet Pulumi takes it for made and the next `up` would pass over it. With these options that `up` stops, and says which
 * command makes the endpoint anew.
 *
 * @param name logical name of the endpoint
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (EndpointStatus)
 */
export function recoverable(name: string): CustomResourceOptions {
  return {
    // Its name is fixed, so the failed one has to go before another can take it.
    deleteBeforeReplace: true,
    hooks: { beforeUpdate: [new ResourceHook(`${name}-came-up`, refuseUnlessItCameUp, { onDryRun: true })] },
  };
}

/** @throws Error naming the command that mends an endpoint that failed to create */
export function refuseUnlessItCameUp({ urn, id, oldInputs, newInputs, oldOutputs }: ResourceHookArgs): void {
  // The provider reads the ARN once the endpoint is in service; an update that changes nothing repairs a failed creation.
  const cameUp = Boolean(oldOutputs?.["arn"]);
  const changes =
    !isDeepStrictEqual(oldInputs, newInputs) ||
    oldOutputs?.["endpointConfigName"] !== newInputs?.["endpointConfigName"];
  if (cameUp && changes) return;
  throw new Error(
    `The endpoint '${id}' failed to create, and SageMaker allows nothing but its deletion. See why in its status ` +
      `(aws sagemaker describe-endpoint --endpoint-name ${id}) and its logs, then make it anew: ` +
      `pulumi up --replace '${urn}'`,
  );
}

/**
 * The name of the configuration that an endpoint serves, once it is the wanted one. An update that failed is rolled back
 * by SageMaker and reported as done by the provider: the program stops then, before Pulumi deletes what is in use.
 */
export function servedConfiguration(
  endpoint: sagemaker.Endpoint,
  wanted: sagemaker.EndpointConfiguration,
): Output<string> {
  return all([endpoint.name, endpoint.endpointConfigName, wanted.name]).apply(([name, served, expected]) => {
    if (served === expected) return served;
    throw new RunError(
      `The endpoint '${name}' rolled back to ${served}: its new instances did not come up with ${expected}. ` +
        `See why in its logs (/aws/sagemaker/Endpoints/${name}), mend it and run pulumi up again.`,
    );
  });
}
