import type * as aws from "@pulumi/aws";
import type { ComponentResource, Input, Output } from "@pulumi/pulumi";
import { RESULTS_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction, type BundledFunctionArgs } from "../shared/bundledFunction.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import type { Place } from "../shared/place.js";
import type { NetworkPlacement } from "../shared/placement.js";
import type { RoleRules, ServiceRole } from "../shared/serviceRole.js";

export interface ResultsFunctionArgs extends RoleRules {
  readonly place: Place;
  /** ARN of an existing role of the functions, used as it is; empty makes one for each. */
  readonly functionRoleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly bucketName: Input<string>;
  /**
   * Network in which the function runs.
   *
   * @default the network of Lambda
   */
  readonly placement?: NetworkPlacement | undefined;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of the logs.
   *
   * @default the key of CloudWatch
   */
  readonly keyArn?: Input<string>;
}

/** What one function of the result store is. */
interface FunctionShape extends Pick<
  BundledFunctionArgs,
  "functionName" | "description" | "entry" | "memoryMb" | "timeoutSeconds"
> {
  /**
   * Variables besides the name of the bucket.
   *
   * @default none
   */
  readonly environment?: Readonly<Record<string, Input<string>>>;
  readonly policy: (logGroupArn: Output<string>) => aws.iam.PolicyDocument;
}

/** A function, with the policies that attach it to a network, see `ServiceRole`. */
type ResultsFunction = Pick<ServiceRole, "networkPolicies"> & { readonly lambda: aws.lambda.Function };

/**
 * A function of the result store with its log group and role.
 *
 * @param parent the component that it belongs to
 * @param name first part of the logical names
 */
export function resultsFunction(
  parent: ComponentResource,
  name: string,
  { policy, environment = {}, ...shape }: FunctionShape,
  args: ResultsFunctionArgs,
): ResultsFunction {
  const { functionName } = shape;
  const logs = encryptedLogGroup(parent, `${name}-logs`, functionLogGroup(functionName), args);
  const role = functionRole(parent, name, {
    ...args,
    functionName,
    policy: policy(logs.arn),
  });
  const lambda = bundledFunction(parent, `${name}-function`, {
    ...shape,
    role: role.arn,
    logs,
    environment: { [RESULTS_ENVIRONMENT.bucketName]: args.bucketName, ...environment },
    placement: args.placement,
    tags: args.tags,
  });
  return { lambda, networkPolicies: role.networkPolicies };
}
