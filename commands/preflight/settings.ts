import { BASE_VERSION } from "../../contract/models.js";

/** The settings of one model version: those of the stack for `base`, and of an entry of `models`. */
export interface ModelSettings {
  readonly name: string;
  readonly instanceType: string;
  readonly imageUri: string;
  readonly modelId: string;
  readonly modelRevision: string;
  /** Weights in S3; empty where the image has them. */
  readonly modelDataUrl: string;
  /** Limits of the number of instances: 1 without autoscaling. */
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Minimum number of instances in working hours; undefined where they change nothing. */
  readonly workHoursCapacity: number | undefined;
}

/** The settings that the checks need, from a configuration without faults. */
export interface Settings {
  /** All model versions, `base` first. */
  readonly models: readonly ModelSettings[];
  /** Whether CodeBuild builds or mirrors images, and not this machine. */
  readonly builtInAccount: boolean;
  /** Whether the number of instances follows the queue. */
  readonly scales: boolean;
  /** Whether there is a budget with a brake. */
  readonly guarded: boolean;
  /** Concurrent executions that the tools' function reserves; -1 reserves none. */
  readonly reservedConcurrency: number;
  /** Whether there is an HTTP API. */
  readonly api: boolean;
  /** Whether function and model run in a network without internet access. */
  readonly isolated: boolean;
  /** Zones of the stack's own network; empty where the configuration names none. */
  readonly availabilityZones: readonly string[];
  /** Subnets of an existing network; empty where the stack creates its own. */
  readonly subnetIds: readonly string[];
}

/**
 * Reads the settings.
 *
 * @param config namespaced configuration, see `stackConfig`
 * @param project the namespace
 */
export function settingsOf(config: Readonly<Record<string, string>>, project: string): Settings {
  const value = (key: string): string => config[`${project}:${key}`] ?? "";
  const scales = value("enableAutoscaling") === "true";
  const base: ModelSettings = {
    name: BASE_VERSION,
    instanceType: value("instanceType"),
    imageUri: value("imageUri"),
    modelId: value("modelId"),
    modelRevision: value("modelRevision"),
    modelDataUrl: value("modelDataUrl"),
    minCapacity: scales ? Number(value("minCapacity")) : 1,
    maxCapacity: scales ? Number(value("maxCapacity")) : 1,
    workHoursCapacity: value("workHours") === "" ? undefined : Number(value("workHoursCapacity")),
  };
  return {
    models: [base, ...versionsOf(value("models"), base)],
    builtInAccount: value("imageBuild") === "codebuild",
    scales,
    guarded: Number(value("monthlyBudgetUsd")) > 0,
    reservedConcurrency: Number(value("lambdaReservedConcurrency")),
    api: value("api") === "true",
    isolated: value("network") === "isolated",
    availabilityZones: list(value("availabilityZones")),
    subnetIds: list(value("subnetIds")),
  };
}

/** The entries of `models`, with the defaults that the program gives them. */
function versionsOf(models: string, { instanceType, maxCapacity }: ModelSettings): ModelSettings[] {
  const entries = JSON.parse(models || "[]") as readonly (Partial<ModelSettings> & {
    name: string;
    revision?: string;
  })[];
  return entries.map((entry) => ({
    imageUri: "",
    modelId: "",
    modelDataUrl: "",
    instanceType,
    minCapacity: 0,
    maxCapacity,
    workHoursCapacity: undefined,
    ...entry,
    modelRevision: entry.revision ?? "main",
  }));
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
