import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UsageError } from "../command.js";

/**
 * Runs the Pulumi CLI on a stack of the program in this folder.
 *
 * @returns its output
 * @throws UsageError where there is no CLI, or it refuses
 */
export async function pulumi(stack: string, ...words: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)("pulumi", [...words, "--stack", stack])).stdout;
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") {
      throw new UsageError("option '--stack' needs the Pulumi CLI; without it, use --lambda-function.");
    }
    throw new UsageError(`option '--stack' argument '${stack}' is invalid. ${stderr.trim() || String(error)}`);
  }
}
