import { spawn } from "node:child_process";
import path from "node:path";
import { inParallel } from "../inParallel.js";
import { ROOT, type Check, type Stage } from "./checks.js";

/** How many checks passed, and the names of those that failed. */
export interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
}

/** Runs the stages one after another, all of them, so that one run shows everything that is wrong. Prints the outputs. */
export async function runChecks(...stages: readonly Stage[]): Promise<Outcome> {
  const failed: string[] = [];
  for (const { checks, atATime = 1 } of stages) {
    await inParallel(checks, atATime, async (check) => {
      if (!(await passes(check, atATime === 1))) failed.push(check.name);
    });
  }
  return { passed: stages.flatMap(({ checks }) => checks).length - failed.length, failed };
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
