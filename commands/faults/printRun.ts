import chalk from "chalk";
import type { FaultRun } from "./faultRun.js";

/** Prints what was injected and what became of the jobs. */
export function printRun(run: FaultRun): void {
  const { counts, injected, repeatedWithinWindow, unexplained, unknown } = run;
  console.log("\nInjected:");
  for (const [kind, number] of [...injected].sort()) printRow(kind, number);
  console.log("\nJobs, against the record of the injector:");
  printRow("accepted", counts.accepted);
  printRow("completed", counts.completed);
  printRow("failed, with the reason", counts.failed);
  printRow("expired, with the reason", counts.expired);
  printRow("lost", counts.lost, 0);
  printRow("scored twice, beyond the stated window", counts.double, 0);
  printRow("scored twice, within the window", repeatedWithinWindow);
  printRow("wrong result", counts.wrong, 0);
  printRow(`dead letters; ${unknown.sent} messages were about unknown jobs`, unknown.deadLetters);
  for (const [code, number] of unexplained) printRow(`answers ${code}, which no fault explains`, number, 0);
}

/** Whether every goal is met. */
export function isGood({ counts, unexplained, unknown }: FaultRun): boolean {
  const { double, lost, wrong } = counts;
  return double + lost + wrong + unexplained.size === 0 && unknown.deadLetters >= unknown.sent;
}

/** Prints a number, and whether it is what it should be. */
export function printRow(name: string, value: number, goal?: number): void {
  const verdict = goal === undefined ? "" : value === goal ? chalk.green("holds") : chalk.red(`missed: ${goal}`);
  console.log(`  ${name.padEnd(60)} ${String(value).padStart(6)} ${verdict}`.trimEnd());
}
