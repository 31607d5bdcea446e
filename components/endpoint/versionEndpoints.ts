import { BASE_VERSION } from "../../contract/models.js";
import { modelEndpoint, type ModelEndpoint, type ModelEndpointArgs } from "./modelEndpoint.js";
import { modelDataOf, type ModelData } from "./modelData.js";

/** What a version has of its own; everything else is that of the stack. */
type OwnArgs = Pick<
  ModelEndpointArgs,
  | "prefix"
  | "endpointName"
  | "buildName"
  | "modelId"
  | "modelRevision"
  | "modelDataUrl"
  | "imageUri"
  | "registryUsername"
  | "registryPassword"
  | "instanceType"
  | "minCapacity"
  | "maxCapacity"
  | "workHours"
  | "workHoursCapacity"
> & { readonly name: string };

/** A deployed version of the model. */
export interface VersionEndpoint extends ModelEndpoint {
  readonly name: string;
  readonly instanceType: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

/** The weights in S3 of each version, by its name; undefined for weights in the image. */
export type VersionWeights = ReadonlyMap<string, ModelData | undefined>;

/**
 * Reads the manifests of the weights of all versions.
 *
 * @throws RunError where one cannot be read
 */
export async function versionWeights(
  versions: readonly Pick<OwnArgs, "name" | "modelDataUrl">[],
): Promise<VersionWeights> {
  return new Map(
    await Promise.all(versions.map(async ({ name, modelDataUrl }) => [name, await modelDataOf(modelDataUrl)] as const)),
  );
}

/**
 * The endpoint of each version beside `base`: an asynchronous endpoint takes one production variant, so each version has its
 * own, with its own role, image and scaling. One without instances costs nothing.
 *
 * @param args those of the endpoint of `base`
 * @param base that endpoint
 * @returns all versions, `base` first
 */
export function versionEndpoints(
  args: ModelEndpointArgs & { readonly versions: readonly OwnArgs[]; readonly weights: VersionWeights },
  base: ModelEndpoint,
): VersionEndpoint[] {
  const { instanceType, minCapacity, maxCapacity, versions, weights } = args;
  const more = versions.map((own) => ({
    ...own,
    ...modelEndpoint({ ...args, ...own, versionName: own.name, modelData: weights.get(own.name) }),
  }));
  return [{ ...base, name: BASE_VERSION, instanceType, minCapacity, maxCapacity }, ...more];
}
