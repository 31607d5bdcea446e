import { AMINO_ACIDS, hgvsLabel } from "../../contract/aminoAcids.js";
import { formatScore } from "../score.js";
import { isWildType, positionOf, type Cell, type ReportData } from "./reportData.js";

/** A cell with all that is said about it. */
export interface Substitution extends Cell {
  readonly position: number;
  readonly wildType: string;
  readonly mutant: string;
  /** `p.Lys10Ala` */
  readonly hgvs: string;
  /** Null where the cell was not scored. */
  readonly llr: number | null;
  /** Percentile within the protein, 0 to 100; null for the wild type and where the cell was not scored. */
  readonly percentile: number | null;
}

/** What a report knows of a cell. */
export function substitutionAt(data: ReportData, { row, column }: Cell): Substitution {
  const wildType = data.sequence[column] ?? "";
  const mutant = AMINO_ACIDS.charAt(row);
  const position = positionOf(data, column);
  return {
    row,
    column,
    position,
    wildType,
    mutant,
    hgvs: hgvsLabel(wildType, position, mutant),
    llr: data.heatmap[row]?.[column] ?? null,
    percentile: data.percentiles[row]?.[column] ?? null,
  };
}

/** All scored substitutions, best first. */
export function ranked(data: ReportData): Substitution[] {
  return data.heatmap
    .flatMap((cells, row) => cells.map((_, column) => ({ row, column })))
    .filter((cell) => !isWildType(data, cell))
    .map((cell) => substitutionAt(data, cell))
    .filter(({ llr }) => llr !== null)
    .sort((a, b) => (b.llr ?? 0) - (a.llr ?? 0));
}

/** One line about a substitution, for a tooltip or a screen reader. */
export function describe({ hgvs, wildType, mutant, llr, percentile }: Substitution): string {
  if (wildType === mutant) return `${hgvs}: the wild type`;
  if (llr === null) return `${hgvs}: not scored`;
  const rank = percentile === null ? "" : `, percentile ${percentile.toFixed(1)} of this protein`;
  return `${hgvs}: llr ${formatScore(llr)}${rank}`;
}

/** Substitutions as CSV with a header: RFC 4180, with lines that end with CRLF. */
export function csvOf(substitutions: readonly Substitution[]): string {
  const lines = substitutions.map(({ position, wildType, mutant, hgvs, llr, percentile }) =>
    [position, wildType, mutant, hgvs, llr ?? "", percentile ?? ""].join(","),
  );
  return ["position,wild_type,mutant,hgvs,llr,percentile", ...lines, ""].join("\r\n");
}
