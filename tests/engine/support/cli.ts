import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Programs that the real engine takes; providers are ours. */
const PROGRAMS = ["pulumi", "pulumi-language-nodejs"];

/**
 * Why the engine cannot run here.
 *
 * @returns one line, or undefined where every program is on the PATH
 */
export function engineMissing(searchPath = process.env["PATH"] ?? ""): string | undefined {
  const missing = PROGRAMS.filter((program) => !isOnPath(program, searchPath));
  if (missing.length === 0) return undefined;
  return `skipped, as ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not on the PATH: https://www.pulumi.com/docs/iac/download-install/`;
}

function isOnPath(program: string, searchPath: string): boolean {
  return searchPath.split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
