/** The settings that the checks need, from a configuration without faults. */
export interface Settings {
  readonly instanceType: string;
  readonly imageUri: string;
  /** Whether CodeBuild builds or mirrors the image, and not this machine. */
  readonly builtInAccount: boolean;
  readonly modelId: string;
  readonly modelRevision: string;
  /** Weights in S3; empty where the image has them. */
  readonly modelDataUrl: string;
  /** Largest number of instances: 1 without autoscaling. */
  readonly mostInstances: number;
  /** Concurrent executions that the tools' function reserves; -1 reserves none. */
  readonly reservedConcurrency: number;
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
  return {
    instanceType: value("instanceType"),
    imageUri: value("imageUri"),
    builtInAccount: value("imageBuild") === "codebuild",
    modelId: value("modelId"),
    modelRevision: value("modelRevision"),
    modelDataUrl: value("modelDataUrl"),
    mostInstances: value("enableAutoscaling") === "true" ? Number(value("maxCapacity")) : 1,
    reservedConcurrency: Number(value("lambdaReservedConcurrency")),
    isolated: value("network") === "isolated",
    availabilityZones: list(value("availabilityZones")),
    subnetIds: list(value("subnetIds")),
  };
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
