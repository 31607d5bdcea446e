import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";

/** What the page of a report holds of a result, as JSON. */
export interface ReportData {
  /** The caller's name of the protein, or its id. */
  readonly name: string;
  readonly sequence: string;
  /** Number that the caller's numbering adds to the 1-based index. */
  readonly offset: number;
  readonly scoring: string;
  readonly model: VariantEffects["model"];
  /** 20 rows, in the order of `AMINO_ACIDS`, of one llr a position; null where it was not scored. */
  readonly heatmap: readonly (readonly (number | null)[])[];
  /** Percentile of each cell within the protein, 0 to 100; same shape. */
  readonly percentiles: readonly (readonly (number | null)[])[];
  /** Mean llr over the 19 substitutions of each position. */
  readonly sensitivity: readonly (number | null)[];
}

/**
 * The part of a result that a report shows.
 *
 * @param name the protein's name, as the title of the report
 * @throws RangeError where the result has no percentiles: it was made by a version that is too old for reports
 */
export function reportData(result: VariantEffects, name: string): ReportData {
  const { sequence, numbering_offset: offset, scoring, model, heatmap, percentiles, sensitivity } = result;
  if (percentiles === undefined) {
    throw new RangeError("The result has no percentiles: an old model image made it. Submit the protein again.");
  }
  return { name, sequence, offset, scoring, model, heatmap, percentiles, sensitivity };
}

/** One substitution of the protein. */
export interface Cell {
  /** Row: index in `AMINO_ACIDS`. */
  readonly row: number;
  /** Column: 0-based index of the position. */
  readonly column: number;
}

/** Position of a column in the caller's numbering. */
export function positionOf({ offset }: ReportData, column: number): number {
  return column + 1 + offset;
}

/** Whether a cell is the wild type itself. */
export function isWildType({ sequence }: ReportData, { row, column }: Cell): boolean {
  return sequence[column] === AMINO_ACIDS[row];
}
