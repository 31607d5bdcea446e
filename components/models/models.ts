import { BASE_VERSION } from "../../contract/models.js";
import type { ModelChoice, NamedVersion } from "../shared/modelVersions.js";
import type { Place } from "../shared/place.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { ModelGuard, type ModelGuardArgs } from "./modelGuard.js";
import { ModelVersions, type ModelVersionsArgs } from "./modelVersions.js";

/** Arguments of {@link modelsOf}. */
export type ModelsArgs = Omit<ModelVersionsArgs, "region" | "named"> &
  Omit<ModelGuardArgs, "guarded"> &
  Omit<ModelChoice, "servedVersions"> & {
    readonly place: Place;
    /** Name of the endpoint of `base`, and the type of its instances. */
    readonly endpointName: string;
    readonly instanceType: string;
    /** Versions beside `base`. */
    readonly versions: readonly (NamedVersion & { readonly instanceType: string })[];
    /** Whether a version that fails or is slow after its activation is rolled back by itself. */
    readonly modelGuard: boolean;
  };

/** How functions choose a version; undefined on a stack with one. */
export interface StackModels extends Pick<ServiceRole, "networkPolicies"> {
  readonly choice: ModelChoice | undefined;
}

/** Creates the registry of the model versions, with `models`, and their guard, with `modelGuard`. */
export function modelsOf(args: ModelsArgs): StackModels {
  const { prefix, versions, endpointName, instanceType } = args;
  if (versions.length === 0) return { choice: undefined, networkPolicies: [] };
  const named = [{ name: BASE_VERSION, endpointName, instanceType }, ...versions];
  const { servedVersions } = new ModelVersions(prefix, { ...args, named, region: args.place.region });
  const guard = args.modelGuard ? new ModelGuard(`${prefix}-model-guard`, { ...args, guarded: named }) : undefined;
  const { modelB, modelBShare, modelBMode, modelPointer } = args;
  return {
    choice: { servedVersions, modelB, modelBShare, modelBMode, modelPointer },
    networkPolicies: guard?.networkPolicies ?? [],
  };
}
