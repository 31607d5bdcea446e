import { RunError } from "@pulumi/pulumi";

/** Shown instead of a value that must not be shown. */
export const HIDDEN = "[secret]";

/** One fault of a stack's configuration. */
export interface ConfigFault {
  /** The key, or `stack` for the name of the stack itself. */
  readonly key: string;
  /** The value as it was given; `[secret]` instead of a secret. */
  readonly value: string;
  /** What is allowed, and why the value is not. */
  readonly problem: string;
  /** The command that fixes it. */
  readonly fix: string;
}

/** The configuration of the stack has faults; the message names all of them. */
export class ConfigError extends RunError {
  readonly faults: readonly ConfigFault[];

  constructor(stack: string, faults: readonly ConfigFault[]) {
    const lines = faults.map(({ key, value, problem, fix }) => `- ${key} is '${value}': ${problem}\n  fix: ${fix}`);
    super(`The configuration of stack '${stack}' has ${faults.length} fault(s):\n${lines.join("\n")}`);
    this.faults = faults;
  }
}

/** The command that sets a key, quoted for the shell. */
export function setCommand(name: string, value: string, { secret = false } = {}): string {
  const set = `pulumi config set ${secret ? "--secret " : ""}${shellWord(name)}`;
  // Without the double hyphen, the CLI would read a value such as -1 as a flag.
  return `${set} ${value.startsWith("-") ? "-- " : ""}${shellWord(value)}`;
}

/** The command that removes a key, quoted for the shell. */
export function removeCommand(name: string): string {
  return `pulumi config rm ${shellWord(name)}`;
}

/** A word as a shell takes it literally. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
