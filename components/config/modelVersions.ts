import { secret, type Output } from "@pulumi/pulumi";
import type { NamedVersion } from "../shared/modelVersions.js";
import type { StackSettings } from "./keys.js";

/** A version beside `base`: its entry in `models`, with the defaults of the stack, and the names that follow. */
export interface VersionConfig extends NamedVersion {
  readonly modelId: string;
  readonly modelRevision: string;
  readonly modelDataUrl: string;
  readonly imageUri: string;
  readonly registryUsername: string;
  readonly registryPassword: Output<string>;
  readonly instanceType: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Working hours of the stack as text; empty where the version is not kept up in them. */
  readonly workHours: string;
  readonly workHoursCapacity: number;
}

/** First part of the names of a version's resources. */
export function versionPrefix(prefix: string, name: string): string {
  return `${prefix}-model-${name}`;
}

/** The versions beside `base`, in the order of the configuration. */
export function versionsOf(
  settings: Pick<StackSettings, "models" | "instanceType" | "maxCapacity" | "workHours">,
  prefix: string,
): VersionConfig[] {
  return settings.models.map((entry) => {
    const own = versionPrefix(prefix, entry.name);
    return {
      name: entry.name,
      prefix: own,
      endpointName: `${own}-endpoint`,
      buildName: `${own}-image-build`,
      modelId: entry.modelId ?? entry.imageUri ?? "",
      modelRevision: entry.revision ?? "main",
      modelDataUrl: entry.modelDataUrl ?? "",
      imageUri: entry.imageUri ?? "",
      registryUsername: "",
      registryPassword: secret(""),
      instanceType: entry.instanceType ?? settings.instanceType,
      minCapacity: entry.minCapacity ?? 0,
      maxCapacity: entry.maxCapacity ?? settings.maxCapacity,
      workHours: entry.workHoursCapacity === undefined ? "" : settings.workHours,
      workHoursCapacity: entry.workHoursCapacity ?? 0,
    };
  });
}
