/** What the checks need of a stack's configuration, which the plan has found free of faults. */
export interface Settings {
  readonly instanceType: string;
  readonly imageUri: string;
  readonly modelId: string;
  readonly modelRevision: string;
  /** The most instances that may run: 1 where the number does not follow the queue. */
  readonly mostInstances: number;
  /** Concurrent executions that the tools' function reserves; -1 reserves none. */
  readonly reservedConcurrency: number;
  /** Whether function and model run in a network without a way to the internet. */
  readonly isolated: boolean;
  /** Zones of the stack's own network; none where they are not named. */
  readonly availabilityZones: readonly string[];
  /** Subnets of an existing network; none where the stack makes its own. */
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
    modelId: value("modelId"),
    modelRevision: value("modelRevision"),
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
