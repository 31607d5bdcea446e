import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { figure, median, type Figure } from "./figure.js";

const RUNS = 5;

/** Seconds to plan the whole program, each time in a new process: imports, bundling and all registrations. */
export async function planFigures(): Promise<Figure[]> {
  const script = fileURLToPath(new URL("planOnce.ts", import.meta.url));
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import=tsx/esm", script]);
    seconds.push(Number(stdout));
  }
  return [figure("plan of the whole program, in process", median(seconds), "s", "<= 1.6")];
}
