import { runtime } from "@pulumi/pulumi";
import { nearest } from "../../contract/nearest.js";
import { HIDDEN, removeCommand, setCommand, type ConfigFault } from "./faults.js";
import { CONFIG_KEYS, type ConfigKey, type StackSettings } from "./keys.js";
import type { Key } from "./schemas.js";

/** The settings that are free of faults. */
export type PartialSettings = { readonly [Name in ConfigKey]?: StackSettings[Name] };

/** One value as the stack's file holds it. */
interface GivenValue {
  readonly value: string;
  /** Whether it is encrypted in the stack's file. */
  readonly encrypted: boolean;
}

const KEYS: Readonly<Record<string, Key | undefined>> = CONFIG_KEYS;

/** The values of the project's keys in the configuration of the stack, by key without its namespace. */
export function givenValues(project: string): ReadonlyMap<string, GivenValue> {
  const namespace = `${project}:`;
  // Pulumi exports the function, but its types leave it out.
  const { isConfigSecret } = runtime as unknown as { readonly isConfigSecret: (key: string) => boolean };
  const entries = Object.entries(runtime.allConfig()).filter(([key]) => key.startsWith(namespace));
  return new Map(
    entries.map(([key, value]) => [key.slice(namespace.length), { value, encrypted: isConfigSecret(key) }]),
  );
}

/** Reads every key by itself: the settings that are allowed, and a fault for each value that is not. */
export function readSettings(given: ReadonlyMap<string, GivenValue>): {
  settings: PartialSettings;
  faults: ConfigFault[];
} {
  const settings: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  for (const [name, key] of Object.entries<Key>(CONFIG_KEYS)) {
    const { value, encrypted } = given.get(name) ?? { value: undefined, encrypted: false };
    const read = key.schema.safeParse(value);
    if (!read.success) faults.push(refused(name, value ?? "", key));
    else if (key.secret === true && value !== "" && !encrypted) faults.push(inPlainText(name, key));
    else settings[name] = read.data;
  }
  return { settings, faults: [...faults, ...unknownKeys(given)] };
}

function refused(name: string, value: string, key: Key): ConfigFault {
  const reason = key.reason?.(value);
  return {
    key: name,
    value: key.secret === true ? HIDDEN : value,
    problem: `allowed is ${key.allowed}${reason === undefined ? "" : `; ${reason}`}`,
    fix: key.fix ?? setCommand(name, key.suggestion(value), key),
  };
}

function inPlainText(name: string, key: Key): ConfigFault {
  const problem = "allowed is only an encrypted value, and this one is in plain text in the file of the stack";
  return { key: name, value: HIDDEN, problem, fix: setCommand(name, key.suggestion(""), key) };
}

function unknownKeys(given: ReadonlyMap<string, GivenValue>): ConfigFault[] {
  const known = Object.keys(CONFIG_KEYS);
  return [...given]
    .filter(([name]) => !known.includes(name))
    .map(([name, { value, encrypted }]) => {
      const meant = nearest(name, known);
      const key = meant === undefined ? undefined : KEYS[meant];
      const shown = encrypted || key?.secret === true ? HIDDEN : value;
      if (meant === undefined || key === undefined) {
        const problem = `there is no such key; the keys are ${known.join(", ")}`;
        return { key: name, value: shown, problem, fix: removeCommand(name) };
      }
      const set = setCommand(meant, shown === HIDDEN ? key.suggestion("") : value, key);
      const problem = `there is no such key; the nearest is ${meant}`;
      return { key: name, value: shown, problem, fix: `${removeCommand(name)} && ${set}` };
    });
}
