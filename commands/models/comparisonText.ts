import type { VersionWork } from "../../client/modelComparison.js";
import type { VersionComparison } from "./versionComparison.js";

/** A table of a comparison: its title, the names of its columns, and its rows. */
export interface ComparisonTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Proteins and positions that are shown; JSON has all. */
const SHOWN = 20;

/** Characters of a protein's hash: enough to find it. */
const HASH = 12;

/** The tables of a comparison, for a terminal and for a page. */
export function comparisonTables(comparison: VersionComparison): ComparisonTable[] {
  const { a, b, scores, unreadable, work, validation } = comparison;
  const proteins = [...scores.proteins].sort((one, other) => (one.spearman ?? 2) - (other.spearman ?? 2));
  return [
    {
      title: `Proteins that both scored: ${scores.proteins.length}, mean Spearman ${number(scores.mean_spearman)}; those that agree least`,
      columns: ["protein (SHA-256)", "scoring", "substitutions", "Spearman", "mean |difference|"],
      rows: proteins
        .slice(0, SHOWN)
        .map((one) => [
          one.sequence_sha256.slice(0, HASH),
          one.scoring,
          String(one.compared),
          number(one.spearman),
          number(one.mean_difference),
        ]),
    },
    {
      title: "Positions that differ most (mean absolute difference of the llr)",
      columns: ["protein (SHA-256)", "position", "difference"],
      rows: scores.positions
        .slice(0, SHOWN)
        .map((one) => [one.sequence_sha256.slice(0, HASH), `${one.wild_type}${one.position}`, number(one.difference)]),
    },
    ...(unreadable.length === 0
      ? []
      : [
          {
            title: `Jobs that are left out, because their result cannot be read: ${unreadable.length}`,
            columns: ["job", "reason"],
            rows: unreadable.slice(0, SHOWN).map(({ output_id, reason }) => [output_id, reason]),
          },
        ]),
    {
      title: "Jobs",
      columns: ["", a.name, b.name],
      rows: WORK.map(([label, read]) => [label, read(work.a), read(work.b)]),
    },
    ...(validation
      ? [
          {
            title: validationTitle(comparison),
            columns: ["assay", "variants", `Spearman ${a.name}`, `Spearman ${b.name}`],
            rows: validation.assays.map((one) => [
              one.name,
              String(one.variants),
              number(one.spearman_a),
              number(one.spearman_b),
            ]),
          },
        ]
      : []),
  ];
}

/** A comparison as text for a terminal. */
export function comparisonText(comparison: VersionComparison): string {
  const { a, b, source } = comparison;
  const head = [a, b].map(({ name, model_id, revision }) => `${name}: ${model_id} (${revision})`);
  const tables = comparisonTables(comparison).map(({ title, columns, rows }) => {
    const all = [columns, ...rows];
    const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
    const lines = all.map((row) =>
      `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd(),
    );
    return [title, ...(rows.length === 0 ? ["  none"] : lines)].join("\n");
  });
  return [`${head.join("\n")}\nFrom ${source}.`, ...tables].join("\n\n");
}

const WORK: readonly (readonly [string, (work: VersionWork) => string])[] = [
  ["attempts", ({ attempts }) => String(attempts)],
  ["completed", ({ completed }) => String(completed)],
  ["failed or expired", ({ failed }) => String(failed)],
  ["failure rate", ({ failure_rate: rate }) => (rate === null ? "" : `${(100 * rate).toFixed(2)} %`)],
  ["seconds, median", ({ p50_seconds: seconds }) => number(seconds)],
  ["seconds, 95th percentile", ({ p95_seconds: seconds }) => number(seconds)],
  ["GPU seconds per 1,000 residues", ({ gpu_seconds_per_1000_residues: seconds }) => number(seconds)],
];

function validationTitle({ a, b, validation }: VersionComparison): string {
  const paired = validation?.paired;
  if (!paired) return "Assays: no correlation in one of them";
  const { difference, interval, mean_a, mean_b } = paired;
  return (
    `Assays: mean Spearman ${number(mean_a)} (${a.name}) and ${number(mean_b)} (${b.name}), difference ` +
    `${number(difference)}, 95 % interval ${number(interval.low)} to ${number(interval.high)} (paired bootstrap over variants)`
  );
}

function number(value: number | null): string {
  return value?.toFixed(3) ?? "";
}
