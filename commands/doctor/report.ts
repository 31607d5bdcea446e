import chalk, { type ChalkInstance } from "chalk";
import type { Level } from "../preflight/finding.js";
import { findingLines } from "../preflight/report.js";
import type { Diagnosis } from "./doctor.js";

/** Whether no finding is a fault. */
export function isHealthy({ findings }: Diagnosis): boolean {
  return findings.every(({ level }) => level !== "fault");
}

/**
 * A diagnosis as text: one line for each finding, its fix below, and a closing line with counts.
 *
 * @param colors Default: those that the terminal supports.
 */
export function diagnosisText(diagnosis: Diagnosis, colors: ChalkInstance = chalk): string {
  const { stack, region, account, findings } = diagnosis;
  const width = Math.max(...findings.map(({ check }) => check.length));
  const where = account === undefined ? region : `account ${account}, ${region}`;
  const lines = findings.flatMap((finding) => findingLines(finding, width, colors));
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  const counts = `${count("fault")} faults, ${count("warning")} warnings, ${count("unknown")} not checked`;
  const closing = isHealthy(diagnosis) ? `No fault: ${counts}.` : `Something is wrong: ${counts}.`;
  return [`Diagnosis of stack '${stack}' (${where})`, "", ...lines, "", closing].join("\n");
}

/** A diagnosis as JSON. */
export function diagnosisJson(diagnosis: Diagnosis): string {
  return JSON.stringify({ ...diagnosis, ok: isHealthy(diagnosis) }, undefined, 2);
}
