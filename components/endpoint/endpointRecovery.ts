import { isDeepStrictEqual } from "node:util";
import {
  all,
  ErrorHook,
  ResourceHook,
  RunError,
  type CustomResourceOptions,
  type ErrorHookArgs,
  type Output,
  type ResourceHookArgs,
} from "@pulumi/pulumi";
import type { sagemaker } from "@pulumi/aws";

/**
 * Options for the recovery of an endpoint. SageMaker allows only the deletion of an endpoint that failed to create, but
 * Pulumi counts it as created, and the next `up` would skip it. With these options that `up` fails, and its error names
 * the command that replaces the endpoint. An `up` that was killed while it created the endpoint leaves one that the state
 * does not have: the error of the next `up` then names the command that recovers.
 *
 * @param name logical name of the endpoint
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (EndpointStatus)
 */
export function recoverable(name: string): CustomResourceOptions {
  return {
    // The name is fixed, so the failed endpoint must be deleted before a new one can have its name.
    deleteBeforeReplace: true,
    hooks: {
      beforeUpdate: [new ResourceHook(`${name}-came-up`, refuseFailedCreation, { onDryRun: true })],
      onError: [new ErrorHook(`${name}-exists`, explainExisting)],
    },
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
 * Adds to SageMaker's error the command that recovers where the endpoint exists already.
 *
 * @returns false: the call is not tried again
 * @throws Error with both
 */
export function explainExisting({ urn, failedOperation, errors, newInputs }: ErrorHookArgs): false {
  const [error = ""] = errors;
  // SageMaker's words: Cannot create already existing endpoint ARN.
  if (failedOperation !== "create" || !error.includes("already existing endpoint")) return false;
  const [, stack = ""] = /^urn:pulumi:(.+?)::/.exec(urn) ?? [];
  throw new Error(
    `${error}\nThe endpoint '${String(newInputs?.["name"])}' exists, but not in the state of this stack: an earlier pulumi up ` +
      `was killed while it created the endpoint, or the endpoint belongs to another stack. In the first case, run ` +
      `npm run recover -- --stack ${stack}, which prints the commands that recover; in the second, set another projectName.`,
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
