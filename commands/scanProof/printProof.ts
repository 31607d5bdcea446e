import chalk from "chalk";
import type { Proof } from "./proveScan.js";

/** Prints what the scan computed and stored. */
export function printProof(proof: Proof): void {
  const { proteins, beforeRestart, computedAgain, status, counts, bad, rows, expected, seconds } = proof;
  console.log("");
  row("proteins", proteins);
  row("scored when the cancelled scan had ended", beforeRestart);
  row("finished proteins that were computed again", computedAgain, 0);
  row("completed, by the summary", counts.completed, proteins);
  row("failed by the model, tolerated", counts.failed, 1);
  row("records that are no proteins, tolerated", counts.invalid, bad);
  row("rows of variants in Parquet", rows.variants, expected.variants);
  row("different rows of variants", rows.distinctVariants, expected.distinctVariants);
  row("rows of jobs in Parquet", rows.jobs, expected.jobs);
  row("files of variants: one a shard", rows.files, expected.files);
  console.log(
    `  the second execution ${status === "SUCCEEDED" ? "succeeded" : `ended as ${status}`}; ${seconds} s in all`,
  );
}

/** Whether every goal is met. */
export function isGood({ proteins, computedAgain, status, counts, rows, expected }: Proof): boolean {
  return (
    computedAgain === 0 &&
    status === "SUCCEEDED" &&
    counts.completed === proteins &&
    JSON.stringify(rows) === JSON.stringify(expected)
  );
}

function row(name: string, value: number, goal?: number): void {
  const verdict = goal === undefined ? "" : value === goal ? chalk.green("holds") : chalk.red(`missed: ${goal}`);
  console.log(`  ${name.padEnd(50)} ${String(value).padStart(9)} ${verdict}`.trimEnd());
}
