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
 * Options for the recovery of an endpoint that failed to create. SageMaker allows only the deletion of such an endpoint,
 * but Pulumi counts it as created, and the next `up` would skip it. With these options that `up` fails, and its error
 * names the command that replaces the endpoint.
 *
 * @param name logical name of the endpoint
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (EndpointStatus)
 */
export function recoverable(name: string): CustomResourceOptions {
  return {
    // The name is fixed, so the failed endpoint must be deleted before a new one can have its name.
    deleteBeforeReplace: true,
    hooks: { beforeUpdate: [new ResourceHook(`${name}-came-up`, refuseFailedCreation, { onDryRun: true })] },
  };
}

/** @throws Error with the command that replaces an endpoint that failed to create */
export function refuseFailedCreation({ urn, id, oldInputs, newInputs, oldOutputs }: ResourceHookArgs): void {
  // The provider sets the ARN when the endpoint is in service. An update without changes is Pulumi's retry of a failed
  // creation.
  const wasCreated = Boolean(oldOutputs?.["arn"]);
  const changes =
    !isDeepStrictEqual(oldInputs, newInputs) ||
    oldOutputs?.["endpointConfigName"] !== newInputs?.["endpointConfigName"];
  if (wasCreated && changes) return;
  throw new Error(
    `The endpoint '${id}' failed to create, and SageMaker allows only its deletion. See the reason in its status ` +
      `(aws sagemaker describe-endpoint --endpoint-name ${id}) and its logs, then replace it: ` +
      `pulumi up --replace '${urn}'`,
  );
}

/**
 * The name of the configuration that an endpoint serves. SageMaker rolls a failed update back, and the provider reports
 * it as successful. This check fails then, before Pulumi deletes the configuration that is in use.
 *
 * @throws RunError if the endpoint does not serve the wanted configuration
 */
export function servedConfiguration(
  endpoint: sagemaker.Endpoint,
  wanted: sagemaker.EndpointConfiguration,
): Output<string> {
  return all([endpoint.name, endpoint.endpointConfigName, wanted.name]).apply(([name, served, expected]) => {
    if (served === expected) return served;
    throw new RunError(
      `The endpoint '${name}' rolled back to ${served}: its new instances did not start with ${expected}. ` +
        `See the reason in its logs (/aws/sagemaker/Endpoints/${name}), fix it and run pulumi up again.`,
    );
  });
}
