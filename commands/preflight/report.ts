import chalk, { type ChalkInstance } from "chalk";
import type { Finding, Level } from "./finding.js";
import type { Preflight } from "./preflight.js";

const MARKS = { ok: "✓", warning: "!", unknown: "?", fault: "✗" } as const satisfies Record<Level, string>;

/** Whether no finding would stop a `pulumi up`. */
export function mayDeploy({ findings }: Preflight): boolean {
  return findings.every(({ level }) => level !== "fault");
}

/**
 * A preflight as text: one line for each finding, its fix below, and a closing line with counts.
 *
 * @param colors Default: those that the terminal supports.
 */
export function reportText(preflight: Preflight, colors: ChalkInstance = chalk): string {
  const { stack, region, account, findings } = preflight;
  const width = Math.max(...findings.map(({ check }) => check.length));
  const where = account === undefined ? region : `account ${account}, ${region}`;
  const lines = findings.flatMap((finding) => findingLines(finding, width, colors));
  return [`Preflight of stack '${stack}' (${where})`, "", ...lines, "", closing(preflight)].join("\n");
}

/** A preflight as JSON. */
export function reportJson(preflight: Preflight): string {
  return JSON.stringify({ ...preflight, ok: mayDeploy(preflight) }, undefined, 2);
}

/** The lines of a finding, and of its fix. `width` is that of the longest name of a check. */
export function findingLines({ level, check, message, fix }: Finding, width: number, colors: ChalkInstance): string[] {
  const paint = { ok: colors.green, warning: colors.yellow, unknown: colors.yellow, fault: colors.red }[level];
  const line = `${paint(MARKS[level])} ${check.padEnd(width)}  ${message}`;
  return fix === undefined ? [line] : [line, `  ${" ".repeat(width)}  fix: ${fix}`];
}

function closing(preflight: Preflight): string {
  const count = (wanted: Level): number => preflight.findings.filter(({ level }) => level === wanted).length;
  const counts = `${count("fault")} faults, ${count("warning")} warnings, ${count("unknown")} not checked`;
  return mayDeploy(preflight) ? `Ready for pulumi up: ${counts}.` : `Not ready: ${counts}.`;
}
