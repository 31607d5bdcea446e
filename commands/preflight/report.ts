import chalk, { type ChalkInstance } from "chalk";
import type { Finding, Level, StackFindings } from "./finding.js";

const MARKS = { ok: "✓", warning: "!", unknown: "?", fault: "✗" } as const satisfies Record<Level, string>;

/** How a report begins and ends. */
export interface ReportWords {
  readonly title: string;
  /** Where no finding is a fault, and where one is. */
  readonly good: string;
  readonly bad: string;
}

/** The words of both commands. */
export const PREFLIGHT: ReportWords = { title: "Preflight", good: "Ready for pulumi up", bad: "Not ready" };
export const DIAGNOSIS: ReportWords = { title: "Diagnosis", good: "No fault", bad: "Something is wrong" };

/** Whether no finding is a fault, such as one that would stop a `pulumi up`. */
export function hasNoFault({ findings }: StackFindings): boolean {
  return findings.every(({ level }) => level !== "fault");
}

/**
 * Findings as text: one line for each, its fix below, and a closing line with counts.
 *
 * @param colors Default: those that the terminal supports.
 */
export function reportText(found: StackFindings, words: ReportWords, colors: ChalkInstance = chalk): string {
  const { stack, region, account, findings } = found;
  const width = Math.max(...findings.map(({ check }) => check.length));
  const where = account === undefined ? region : `account ${account}, ${region}`;
  const lines = findings.flatMap((finding) => findingLines(finding, width, colors));
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  const counts = `${count("fault")} faults, ${count("warning")} warnings, ${count("unknown")} not checked`;
  const closing = `${hasNoFault(found) ? words.good : words.bad}: ${counts}.`;
  return [`${words.title} of stack '${stack}' (${where})`, "", ...lines, "", closing].join("\n");
}

/** Findings as JSON. */
export function reportJson(found: StackFindings): string {
  return JSON.stringify({ ...found, ok: hasNoFault(found) }, undefined, 2);
}

/** The lines of a finding, and of its fix. `width` is that of the longest name of a check. */
function findingLines({ level, check, message, fix }: Finding, width: number, colors: ChalkInstance): string[] {
  const paint = { ok: colors.green, warning: colors.yellow, unknown: colors.yellow, fault: colors.red }[level];
  const line = `${paint(MARKS[level])} ${check.padEnd(width)}  ${message}`;
  return fix === undefined ? [line] : [line, `  ${" ".repeat(width)}  fix: ${fix}`];
}
