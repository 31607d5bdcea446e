import { printRow } from "../faults/printRun.js";
import type { Proof } from "./proveScan.js";

/** Prints what the scan computed and stored. */
export function printProof(proof: Proof): void {
  const { proteins, beforeRestart, computedAgain, status, counts, bad, rows, expected, seconds } = proof;
  console.log("");
  printRow("proteins", proteins);
  printRow("scored when the cancelled scan had ended", beforeRestart);
  printRow("finished proteins that were computed again", computedAgain, 0);
  printRow("completed, by the summary", counts.completed, proteins);
  printRow("failed by the model, tolerated", counts.failed, 1);
  printRow("records that are no proteins, tolerated", counts.invalid, bad);
  printRow("rows of variants in Parquet", rows.variants, expected.variants);
  printRow("different rows of variants", rows.distinctVariants, expected.distinctVariants);
  printRow("rows of jobs in Parquet", rows.jobs, expected.jobs);
  printRow("files of variants: one a shard", rows.files, expected.files);
  console.log(
    `  the second execution ${status === "SUCCEEDED" ? "succeeded" : `ended as ${status}`}; ${seconds} s in all`,
  );
}

/** Whether every goal is met, and the cancelled scan had not scored all. */
export function isGood({ proteins, beforeRestart, computedAgain, status, counts, rows, expected }: Proof): boolean {
  return (
    beforeRestart < proteins &&
    computedAgain === 0 &&
    status === "SUCCEEDED" &&
    counts.completed === proteins &&
    JSON.stringify(rows) === JSON.stringify(expected)
  );
}
