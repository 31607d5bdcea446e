import chalk from "chalk";
import type { FaultRun } from "./faultRun.js";

/** Prints what was injected and what became of the jobs. */
export function printRun(run: FaultRun): void {
  const { counts, injected, repeatedWithinWindow, unexplained, unknown } = run;
  console.log("\nInjected:");
  for (const [kind, number] of [...injected].sort()) row(kind, number);
  console.log("\nJobs, against the record of the injector:");
  row("accepted", counts.accepted);
  row("completed", counts.completed);
  row("failed, with the reason", counts.failed);
  row("expired, with the reason", counts.expired);
  row("lost", counts.lost, 0);
  row("scored twice, beyond the stated window", counts.double, 0);
  row("scored twice, within the window", repeatedWithinWindow);
  row("wrong result", counts.wrong, 0);
  row(`dead letters; ${unknown.sent} messages were about unknown jobs`, unknown.deadLetters);
  for (const [code, number] of unexplained) row(`answers ${code}, which no fault explains`, number, 0);
}

/** Whether every goal is met. */
export function isGood({ counts, unexplained, unknown }: FaultRun): boolean {
  const { double, lost, wrong } = counts;
  return double + lost + wrong + unexplained.size === 0 && unknown.deadLetters >= unknown.sent;
}

function row(name: string, value: number, goal?: number): void {
  const verdict = goal === undefined ? "" : value === goal ? chalk.green("holds") : chalk.red(`missed: ${goal}`);
  console.log(`  ${name.padEnd(60)} ${String(value).padStart(6)} ${verdict}`.trimEnd());
}
