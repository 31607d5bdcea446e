import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import type { Machine, Ran } from "./checks/builder.js";

/** Time limit of a program, in milliseconds: enough for a remote Docker engine. */
const TIMEOUT_MS = 15_000;

/** The machine that this process runs on. */
export const thisMachine: Machine = { run, freeGiB };

function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: TIMEOUT_MS, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve({ status: 0, stdout, stderr });
      else if (error.code === "ENOENT") resolve({ stdout, stderr });
      else resolve({ status: typeof error.code === "number" ? error.code : 1, stdout, stderr });
    });
  });
}

async function freeGiB(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return (bavail * bsize) / 2 ** 30;
  } catch (error) {
    if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
