import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Runs a command with no settings of AWS but the given ones.
 *
 * @param file path from the root of the project, such as `commands/doctor.ts`
 */
export function runCommandFile(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; said: string }> {
  const settings = {
    PATH: process.env["PATH"] ?? "",
    AWS_CONFIG_FILE: "none",
    AWS_SHARED_CREDENTIALS_FILE: "none",
    ...env,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import=tsx", file, ...args], { cwd: ROOT, env: settings }, (error, out, said) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, said });
    });
  });
}
