import type { EvidenceRow } from "../../contract/evidence.js";
import { OWN_KINDS, type EvidenceTable, type PartStatus } from "../../contract/evidenceTable.js";

/** Kinds that are left out of the list: one row for each position, or for each residue of a prediction. */
const LEFT_OUT: readonly string[] = [OWN_KINDS.conservation, OWN_KINDS.gaps, OWN_KINDS.residues, "pLDDT"];

/** Most characters of a value. */
const WIDEST = 60;

const HEADER = ["position", "variant", "kind", "value", "source", "version"] as const;

/**
 * What is known about a protein, for a terminal: what became of each part, and the rows. Lines, without a final newline.
 *
 * @param most rows that are shown
 */
export function renderEvidence(table: EvidenceTable, most: number): string {
  const shown = table.rows.filter(({ kind }) => !LEFT_OUT.includes(kind));
  const rows = shown.slice(0, most).map(cellsOf);
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const { name, accession, gene, sequence } = table.protein;
  const about = [accession, gene && `gene ${gene}`, `${sequence.length} residues`].filter(Boolean).join(", ");
  return [
    `${name} (${about})`,
    table.notice,
    "",
    ...partsOf(table),
    "",
    ...(rows.length === 0 ? ["No row of evidence."] : [line(HEADER), ...rows.map(line)]),
    ...(shown.length > most ? [`${shown.length - most} more rows: --rows, --json or --out.`] : []),
    ...table.not_scored.map(({ variant, reason }) => `Not scored: ${variant}, ${reason}`),
    ...(table.refused.length > 0
      ? [`Refused: ${table.refused.length} rows do not fit the sequence: --json shows them.`]
      : []),
  ].join("\n");
}

function partsOf({ scores, alignment, retrieval, resolution, sources }: EvidenceTable): string[] {
  const { n_eff: nEff, note, sequences, spearman_llr_pssm: spearman } = alignment;
  const aligned = [
    sequences !== undefined && nEff !== undefined && `${sequences} sequences, N_eff ${nEff.toFixed(1)}`,
    note,
    spearman !== undefined && `Spearman of llr and PSSM ${spearman.toFixed(2)}`,
  ];
  const part = (title: string, { status, reason }: PartStatus, ...more: (string | false | undefined)[]): string =>
    `${title}: ${[status, reason, ...more].filter(Boolean).join("; ")}`;
  return [
    ...(resolution ? [part("accession", resolution)] : []),
    part("model", scores, scores.weights === "synthetic" && "synthetic weights: numbers without meaning"),
    part("alignment", alignment, ...aligned),
    part(
      "regions",
      retrieval,
      ...(retrieval.failed ?? []).map(({ unique_entry_id: id, reason }) => `${id}: ${reason}`),
    ),
    ...sources.map((source) => part(source.source, source, `${source.rows} rows`)),
  ];
}

function cellsOf({
  start,
  end = start,
  variant = "",
  kind,
  value,
  source,
  source_version: version,
}: EvidenceRow): string[] {
  const place = start === undefined ? "" : start === end ? `${start}` : `${start}-${end ?? ""}`;
  const short = value.length > WIDEST ? `${value.slice(0, WIDEST - 3)}...` : value;
  return [place, variant, kind, short, source, version];
}
