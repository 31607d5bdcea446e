import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { familyOf } from "../../local/twin/support/alive.js";

/**
 * Why the tests with the real engine cannot run.
 *
 * @param searchPath folders as in PATH
 * @returns one line with the way to get the Pulumi CLI, or undefined where it is on the PATH
 */
export function engineMissing(searchPath = process.env["PATH"] ?? ""): string | undefined {
  if (searchPath.split(path.delimiter).some((folder) => isExecutable(path.join(folder, "pulumi")))) return undefined;
  return 'skipped, because `pulumi` is not on the PATH. To build it with Go and run them: PATH="$(tests/engine/cli/build.sh):$PATH" npm test -- engine';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Process ids of the Pulumi CLIs that a process has started. */
export function cliProcesses(starter: number): number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=,comm=", "-p", familyOf(starter).join(",")], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, command = ""]) => path.basename(command) === "pulumi")
    .map(([pid]) => Number(pid));
}
