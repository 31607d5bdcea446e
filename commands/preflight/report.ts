import chalk, { type ChalkInstance } from "chalk";
import type { Finding, Level } from "./finding.js";
import type { Preflight } from "./preflight.js";

const MARKS = { ok: "✓", warning: "!", unknown: "?", fault: "✗" } as const satisfies Record<Level, string>;

/** Whether an `up` may be tried: nothing is known to stop it. */
export function mayDeploy({ findings }: Preflight): boolean {
  return findings.every(({ level }) => level !== "fault");
}

/**
 * A preflight as a person reads it: a line a finding, its mend below, and a closing line that counts.
 *
 * @param colors Default: as the terminal takes them.
 */
export function reportText(preflight: Preflight, colors: ChalkInstance = chalk): string {
  const { stack, region, account, findings } = preflight;
  const width = Math.max(...findings.map(({ check }) => check.length));
  const where = account === undefined ? region : `account ${account}, ${region}`;
  const lines = findings.flatMap((finding) => findingLines(finding, width, colors));
  return [`Preflight of stack '${stack}' (${where})`, "", ...lines, "", closing(preflight)].join("\n");
}

/** A preflight as a program reads it. */
export function reportJson(preflight: Preflight): string {
  return JSON.stringify({ ...preflight, ok: mayDeploy(preflight) }, undefined, 2);
}

function findingLines({ level, check, message, mend }: Finding, width: number, colors: ChalkInstance): string[] {
  const paint = { ok: colors.green, warning: colors.yellow, unknown: colors.yellow, fault: colors.red }[level];
  const line = `${paint(MARKS[level])} ${check.padEnd(width)}  ${message}`;
  return mend === undefined ? [line] : [line, `  ${" ".repeat(width)}  mend: ${mend}`];
}

function closing(preflight: Preflight): string {
  const count = (wanted: Level): number => preflight.findings.filter(({ level }) => level === wanted).length;
  const counts = `${count("fault")} faults, ${count("warning")} warnings, ${count("unknown")} not looked at`;
  return mayDeploy(preflight) ? `Ready for pulumi up: ${counts}.` : `Not ready: ${counts}.`;
}
