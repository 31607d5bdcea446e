import { RunError } from "@pulumi/pulumi";

/** One fault of a stack's configuration. */
export interface ConfigFault {
  /** The key, or `stack` for the stack's own name. */
  readonly key: string;
  readonly value: string;
  /** What is allowed, and why the value is not. */
  readonly problem: string;
  /** The command that mends it. */
  readonly mend: string;
}

/** The stack's configuration has faults; all of them are named. */
export class ConfigError extends RunError {
  readonly faults: readonly ConfigFault[];

  constructor(stack: string, faults: readonly ConfigFault[]) {
    const lines = faults.map(({ key, value, problem, mend }) => `- ${key} is '${value}': ${problem}\n  mend: ${mend}`);
    super(`The configuration of stack '${stack}' has ${faults.length} fault(s):\n${lines.join("\n")}`);
    this.faults = faults;
  }
}

/** The command that sets a key, quoted for the shell. */
export function setCommand(name: string, value: string): string {
  // A value such as -1 would be read as a flag without the double hyphen.
  return `pulumi config set ${shellWord(name)} ${value.startsWith("-") ? "-- " : ""}${shellWord(value)}`;
}

/** A word as a shell takes it literally. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
