import { spawnSync } from "node:child_process";
import { projectName } from "../../local/program/stackConfig.js";
import { recoveryCommands } from "./recoveryCommands.js";

/** Which stack is recovered. */
export interface RecoverOptions {
  readonly stack: string;
}

/**
 * Prints the commands that recover a stack, see `recoveryCommands`.
 *
 * @returns the exit code
 * @throws Error where the Pulumi CLI cannot export the state
 */
export function printRecovery({ stack }: RecoverOptions): number {
  const commands = recoveryCommands(stack, JSON.parse(exportedState(stack)));
  console.log("# Run these commands, then again the command that was interrupted. ID: what the line above it prints.");
  console.log("# A line that finds no such resource is no fault: AWS had not created it yet.");
  for (const line of commands) console.log(line);
  return 0;
}

function exportedState(stack: string): string {
  const { error, status, stdout, stderr } = spawnSync("pulumi", ["stack", "export", "--stack", stack], {
    encoding: "utf8",
    maxBuffer: Infinity,
  });
  if (error) throw error;
  if (status === 0) return stdout;
  const cut = stderr.includes("failed to load checkpoint")
    ? "\nThe CLI was killed while it wrote the state of a local backend. Its last state is there:\n" +
      `cd ~/.pulumi/stacks/${projectName()} && ${stateRepair(stack)}`
    : "";
  throw new Error(`pulumi stack export failed: ${stderr.trim()}${cut}`);
}

/**
 * The command that makes the state of a local backend readable, in the folder of the state: the CLI writes
 * `STACK.json.attrs`, which no reader needs, in place, and a kill leaves it empty; `STACK.json.bak` is the state before
 * the last write.
 *
 * @see https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go
 */
export function stateRepair(stack: string): string {
  return `rm -f ${stack}.json.attrs && (test -s ${stack}.json || cp ${stack}.json.bak ${stack}.json)`;
}
