import { accessSync, constants } from "node:fs";
import path from "node:path";

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
