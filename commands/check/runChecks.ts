import { spawn } from "node:child_process";
import path from "node:path";
import { inParallel } from "../inParallel.js";
import { ROOT, type Check } from "./checks.js";

/** How many checks passed, and the names of those that failed. */
export interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
}

/** How many checks run at the same time. */
const AT_A_TIME = 2;

/**
 * Runs checks, two at a time and in their order, and prints their outputs. All of them run, so that one run shows
 * everything that is wrong.
 */
export async function runChecks(checks: readonly Check[]): Promise<Outcome> {
  const failed: string[] = [];
  await inParallel(checks, AT_A_TIME, async (check) => {
    if (!(await passes(check, checks.length === 1))) failed.push(check.name);
  });
  return { passed: checks.length - failed.length, failed };
}

/** Prints the closing lines, the last one such as `12 passed, 0 failed`, and gives the exit code. */
export function reportOutcome({ passed, failed }: Outcome): number {
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(", ")}`);
  console.log(`\n${passed} passed, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
}

/** @param live print the output as it comes; else as a whole when the check ends, so that outputs do not mix */
async function passes(check: Check, live: boolean): Promise<boolean> {
  const {
    name,
    command: [program, ...args],
    folder = "",
    environment,
  } = check;
  const output: string[] = [];
  const show = (text: string): void => {
    if (live) process.stdout.write(text);
    else output.push(text);
  };
  const started = performance.now();
  show(`\n== ${name}\n`);
  const stream = live ? "inherit" : "pipe";
  const child = spawn(program, args, {
    cwd: path.join(ROOT, folder),
    stdio: ["ignore", stream, stream],
    env: { ...process.env, ...environment },
  });
  for (const piped of [child.stdout, child.stderr]) piped?.setEncoding("utf8").on("data", show);
  const passed = await new Promise<boolean>((resolve) => {
    child.on("error", (error) => {
      show(`${error.message}\n`);
      resolve(false);
    });
    child.on("close", (code) => {
      resolve(code === 0);
    });
  });
  show(`== ${name}: ${passed ? "passed" : "FAILED"} in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  process.stdout.write(output.join(""));
  return passed;
}
