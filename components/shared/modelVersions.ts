import { interpolate, type Input, type Output } from "@pulumi/pulumi";
import { MODELS_ENVIRONMENT } from "../../contract/environment.js";
import type { ModelBMode } from "../../contract/models.js";
import { endpointArn, type Place } from "./place.js";

/** Names of a version beside `base` that are known before it exists. */
export interface NamedVersion {
  readonly name: string;
  /** First part of the names of its resources. */
  readonly prefix: string;
  readonly endpointName: string;
  readonly buildName: string;
}

/** Which versions a stack has, and how functions choose one. */
export interface ModelChoice {
  /** The versions in JSON, see `ServedVersion`: known once their endpoints are in service. */
  readonly servedVersions: Output<string>;
  /** Version that gets a share of the proteins, or shadows; empty for none. */
  readonly modelB: string;
  /** In percent. */
  readonly modelBShare: number;
  readonly modelBMode: ModelBMode;
  /** Name of the parameter with the active pointer. */
  readonly modelPointer: string;
}

/** The endpoints beside that of `base`, and the active pointer, for the policies of functions. */
export interface CallableModels {
  readonly endpointArns: Input<string>[];
  readonly pointerArn: Input<string>;
}

/** What functions may call of the versions beside `base`; undefined on a stack with one version. */
export function callableModels({
  versions,
  modelPointer,
  place,
}: {
  readonly versions: readonly NamedVersion[];
  readonly modelPointer: string;
  readonly place: Place;
}): CallableModels | undefined {
  if (versions.length === 0) return undefined;
  return {
    endpointArns: versions.map(({ endpointName }) => endpointArn(endpointName, place)),
    pointerArn: parameterArn(modelPointer, place),
  };
}

/** ARN of a parameter in Systems Manager, computed from its name. */
export function parameterArn(name: string, { account, partition, region }: Place): Output<string> {
  return interpolate`arn:${partition}:ssm:${region}:${account}:parameter${name}`;
}

/** The environment with which functions choose a version; empty on a stack with one. */
export function modelsEnvironment(choice: ModelChoice | undefined): Record<string, Input<string>> {
  if (choice === undefined) return {};
  return {
    [MODELS_ENVIRONMENT.versions]: choice.servedVersions,
    [MODELS_ENVIRONMENT.pointer]: choice.modelPointer,
    ...(choice.modelB !== "" && {
      [MODELS_ENVIRONMENT.modelB]: choice.modelB,
      [MODELS_ENVIRONMENT.modelBShare]: String(choice.modelBShare),
      [MODELS_ENVIRONMENT.modelBMode]: choice.modelBMode,
    }),
  };
}
