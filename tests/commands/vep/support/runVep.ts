import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Twin } from "../../../../local/twin/start.js";

const VEP = fileURLToPath(new URL("../../../../commands/vep.mjs", import.meta.url));

/** What a command gave: its exit code, and what it wrote to stdout and stderr. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly said: string;
}

/**
 * Runs `vep` in a folder against a twin, as a user does against AWS.
 *
 * @param args words of the command line, and variables of its environment
 */
export async function runVep(
  twin: Twin,
  folder: string,
  ...args: readonly (string | Record<string, string>)[]
): Promise<Ended> {
  const env = Object.assign({}, ...args.filter((one) => typeof one === "object")) as Record<string, string>;
  const words = args.filter((one) => typeof one === "string");
  const child = spawn(process.execPath, [VEP, ...words], {
    cwd: folder,
    env: { ...process.env, ...twin.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close") as Promise<[number]>;
  const [[code], output, said] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code, output, said };
}
