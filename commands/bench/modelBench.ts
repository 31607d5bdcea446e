import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PYTHON = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
/** The folder that holds the Python package `model_bench`. */
const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/**
 * Runs the Python program `model_bench`, which prints to this process's output.
 *
 * @param args such as `bench --shape 350M`; paths are absolute
 * @returns its exit code; null where a signal ended it
 */
export async function runModelBench(args: readonly string[]): Promise<number | null> {
  const child = spawn(PYTHON, ["-m", "model_bench", ...args], { cwd: FOLDER, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}
