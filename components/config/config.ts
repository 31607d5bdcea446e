import { getProject, getStack, secret, type Output } from "@pulumi/pulumi";
import { agentFaults } from "./agentFaults.js";
import { apiFaults } from "./apiFaults.js";
import { evidenceFaults } from "./evidenceFaults.js";
import { costFaults } from "./costFaults.js";
import { ConfigError, setCommand, type ConfigFault } from "./faults.js";
import { CONFIG_KEYS, type StackSettings } from "./keys.js";
import { resourcePrefix, stackFaults } from "./names.js";
import { modelDataFaults } from "./modelDataFaults.js";
import { modelsFaults } from "./modelsFaults.js";
import { versionsOf, type VersionConfig } from "./modelVersions.js";
import { networkFaults } from "./networkFaults.js";
import { modelParameters } from "../../contract/models.js";
import { regionFaults } from "./regionFaults.js";
import { registryFaults } from "./registryFaults.js";
import { roleFaults } from "./roleFaults.js";
import { scalingFaults } from "./scalingFaults.js";
import { scanFaults } from "./scanFaults.js";
import { sourceFaults } from "./sourceFaults.js";
import { givenValues, readSettings, type PartialSettings } from "./settings.js";

/** The configuration of a stack: its settings, and the names that follow from them. */
export interface StackConfig extends Omit<StackSettings, "registryPassword"> {
  /** Password or token of the registry of `imageUri`, a secret; empty for none. */
  readonly registryPassword: Output<string>;
  /** First part of every name. */
  readonly prefix: string;
  /** Name of the endpoint, fixed in advance so that its log group can be created before it. */
  readonly endpointName: string;
  /** Name of the tools' function, fixed in advance for the same reason; users look for `async-endpoint`. */
  readonly functionName: string;
  /** Name of the CodeBuild project, fixed in advance for the same reason. */
  readonly buildName: string;
  /** Names of the functions that record how jobs end, and that settle and send those left over. */
  readonly recorderName: string;
  readonly sweeperName: string;
  /** Model versions beside `base`, that of the single-model keys. */
  readonly versions: readonly VersionConfig[];
  /** Name of the parameter that says which version is active. */
  readonly modelPointer: string;
  /** Tags of every resource that can have tags. */
  readonly tags: Readonly<Record<"Project" | "Stack" | "ManagedBy", string>>;
}

/**
 * Reads and checks the configuration of the stack that is being deployed.
 *
 * @returns every setting, the resource prefix and the tags
 * @throws ConfigError with all faults, each with its key, value, what is allowed, and the command that fixes it
 */
export function readConfig(): StackConfig {
  const stack = getStack();
  const { settings, faults } = readSettings(givenValues(getProject()));
  const all = [
    ...faults,
    ...capacityFaults(settings),
    ...agentFaults(settings),
    ...apiFaults(settings),
    ...evidenceFaults(settings),
    ...costFaults(settings),
    ...modelDataFaults(settings),
    ...modelsFaults(settings, settings.projectName && resourcePrefix(settings.projectName, stack)),
    ...registryFaults(settings),
    ...networkFaults(settings),
    ...regionFaults(settings),
    ...roleFaults(settings),
    ...scanFaults(settings),
    ...sourceFaults(settings),
    ...scalingFaults(settings),
    ...stackFaults(settings.projectName, stack),
  ];
  if (all.length > 0 || !isComplete(settings)) throw new ConfigError(stack, all);
  const prefix = resourcePrefix(settings.projectName, stack);
  return {
    ...settings,
    registryPassword: secret(settings.registryPassword),
    prefix,
    endpointName: `${prefix}-endpoint`,
    functionName: `${prefix}-async-endpoint-lambda`,
    buildName: `${prefix}-image-build`,
    recorderName: `${prefix}-recorder`,
    sweeperName: `${prefix}-sweeper`,
    versions: versionsOf(settings, prefix),
    modelPointer: modelParameters.active(prefix),
    tags: { Project: settings.projectName, Stack: stack, ManagedBy: "Pulumi" },
  };
}

function capacityFaults({ minCapacity, maxCapacity }: PartialSettings): ConfigFault[] {
  if (minCapacity === undefined || maxCapacity === undefined || minCapacity <= maxCapacity) return [];
  return [
    {
      key: "minCapacity",
      value: String(minCapacity),
      problem: `allowed is an integer from 0 to maxCapacity, which is ${maxCapacity}`,
      fix: setCommand("minCapacity", String(maxCapacity)),
    },
  ];
}

function isComplete(settings: PartialSettings): settings is StackSettings {
  return Object.keys(CONFIG_KEYS).every((name) => name in settings);
}
