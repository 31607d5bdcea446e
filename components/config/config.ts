import { getProject, getStack, runtime } from "@pulumi/pulumi";
import { nearest } from "../../contract/nearest.js";
import { ConfigError, setCommand, shellWord, type ConfigFault } from "./faults.js";
import { CONFIG_KEYS, type ConfigKey, type StackSettings } from "./keys.js";
import type { Key } from "./kinds.js";
import { networkFaults } from "./networkFaults.js";
import { regionFaults } from "./regionFaults.js";
import { resourcePrefix, stackFaults } from "./names.js";

export type { StackSettings } from "./keys.js";

/** What the program is told: its settings, and the names that follow from them. */
export interface StackConfig extends StackSettings {
  /** What every name begins with. */
  readonly prefix: string;
  /** Name of the endpoint, fixed beforehand so that its log group can be. */
  readonly endpointName: string;
  /** Name of the tools' function, fixed beforehand likewise; users look for `async-endpoint`. */
  readonly functionName: string;
  /** Tags of everything that can have tags. */
  readonly tags: Readonly<Record<"Project" | "Stack" | "ManagedBy", string>>;
}

/**
 * Reads and checks the configuration of the stack that is being deployed.
 *
 * @returns every setting, the resource prefix and the tags
 * @throws ConfigError naming every fault: key, value, what is allowed, and the command that mends it
 */
export function readConfig(): StackConfig {
  const stack = getStack();
  const given = projectConfig(getProject());
  const { settings, faults } = checkSettings(given);
  const all = [
    ...faults,
    ...unknownKeys(given),
    ...rangeFaults(settings),
    ...networkFaults(settings),
    ...regionFaults(settings),
    ...stackFaults(settings.projectName, stack),
  ];
  if (all.length > 0 || !isComplete(settings)) throw new ConfigError(stack, all);
  const prefix = resourcePrefix(settings.projectName, stack);
  return {
    ...settings,
    prefix,
    endpointName: `${prefix}-endpoint`,
    functionName: `${prefix}-async-endpoint-lambda`,
    tags: { Project: settings.projectName, Stack: stack, ManagedBy: "Pulumi" },
  };
}

/** The project's keys of the stack's configuration, without their namespace. */
function projectConfig(project: string): ReadonlyMap<string, string> {
  const namespace = `${project}:`;
  const entries = Object.entries(runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return new Map(entries.map(([key, value]) => [key.slice(namespace.length), value]));
}

type PartialSettings = { [Name in ConfigKey]?: StackSettings[Name] };

function checkSettings(given: ReadonlyMap<string, string>): { settings: PartialSettings; faults: ConfigFault[] } {
  const settings: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  for (const [name, key] of Object.entries<Key<unknown>>(CONFIG_KEYS)) {
    const value = given.get(name) ?? "";
    const setting = given.has(name) ? key.read(value) : undefined;
    if (setting === undefined) faults.push(faultOf(name, value, key));
    else settings[name] = setting;
  }
  return { settings, faults };
}

function faultOf(name: string, value: string, key: Key<unknown>): ConfigFault {
  const reason = key.reason?.(value);
  const problem = `allowed is ${key.allowed}${reason === undefined ? "" : `; ${reason}`}`;
  return { key: name, value, problem, mend: setCommand(name, key.suggestion(value)) };
}

function unknownKeys(given: ReadonlyMap<string, string>): ConfigFault[] {
  const known = Object.keys(CONFIG_KEYS);
  return [...given]
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => {
      const meant = nearest(name, known);
      const remove = `pulumi config rm ${shellWord(name)}`;
      return meant === undefined
        ? { key: name, value, problem: `there is no such key; known are ${known.join(", ")}`, mend: remove }
        : {
            key: name,
            value,
            problem: `there is no such key; the nearest is ${meant}`,
            mend: `${remove} && ${setCommand(meant, value)}`,
          };
    });
}

function rangeFaults({ minCapacity, maxCapacity }: PartialSettings): ConfigFault[] {
  if (minCapacity === undefined || maxCapacity === undefined || minCapacity <= maxCapacity) return [];
  return [
    {
      key: "minCapacity",
      value: String(minCapacity),
      problem: `allowed is an integer from 0 to maxCapacity, which is ${maxCapacity}`,
      mend: setCommand("minCapacity", String(maxCapacity)),
    },
  ];
}

function isComplete(settings: PartialSettings): settings is StackSettings {
  return Object.keys(CONFIG_KEYS).every((name) => name in settings);
}
