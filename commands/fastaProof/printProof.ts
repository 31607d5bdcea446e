import { printRow } from "../faults/printRun.js";
import type { FastaProof } from "./proveFasta.js";

/** Prints what was injected and what became of the records. */
export function printProof(proof: FastaProof): void {
  console.log("\nInjected:");
  for (const [kind, number] of Object.entries(proof.injected)) printRow(kind, number);
  console.log("\nRecords, against the record of the stand-in of the model:");
  printRow("records of the file", proof.records);
  printRow("jobs", proof.jobs, proof.records);
  printRow("completed, after both uploads", proof.completed, proof.records);
  printRow("lost", proof.lost, 0);
  printRow("scored twice", proof.double, 0);
  printRow("started by the second upload", proof.startedAgain, 0);
  printRow("seconds, first upload", proof.seconds.first);
  printRow("seconds, second upload", proof.seconds.second);
  if (proof.memoryMb !== undefined) printRow("largest memory of the function, MB", proof.memoryMb);
}

/** Whether every goal is met. */
export function isProven({ completed, double, jobs, lost, records, startedAgain }: FastaProof): boolean {
  return jobs === records && completed === records && lost + double + startedAgain === 0;
}
