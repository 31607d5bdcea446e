import { AMINO_ACIDS, hgvsLabel } from "../contract/aminoAcids.js";
import type { VariantEffects } from "../contract/result.js";
import type { Variant } from "../contract/variants.js";

/** Decimals of a score in a result; a sum of floats has more. */
const DECIMALS = 6;

/** The scores of one protein, as far as single substitutions need them. */
export interface Scores {
  readonly sequence: string;
  /** Number that the caller's numbering adds to the 1-based index. */
  readonly offset: number;
  /** 20 rows, in the order of `AMINO_ACIDS`, of one llr a position; null where it was not scored. */
  readonly heatmap: readonly (readonly (number | null)[])[];
  /** Percentile of each cell within the protein, 0 to 100; same shape. */
  readonly percentiles?: readonly (readonly (number | null)[])[];
}

/** One cell of the matrix of scores. */
export interface Cell {
  /** Row: index in `AMINO_ACIDS`. */
  readonly row: number;
  /** Column: 0-based index of the position. */
  readonly column: number;
}

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

/** A substitution that was scored. */
export type ScoredSubstitution = Substitution & { readonly llr: number };

/** The scores of a result. */
export function scoresOf({ sequence, numbering_offset: offset, heatmap }: VariantEffects): Scores {
  return { sequence, offset, heatmap };
}

/** Position of a column in the caller's numbering. */
export function positionOf({ offset }: Scores, column: number): number {
  return column + 1 + offset;
}

/** Whether a cell is the wild type itself. */
export function isWildType({ sequence }: Scores, { row, column }: Cell): boolean {
  return sequence[column] === AMINO_ACIDS[row];
}

/** What is known of a cell. */
export function substitutionAt(scores: Scores, { row, column }: Cell): Substitution {
  const wildType = scores.sequence[column] ?? "";
  const mutant = AMINO_ACIDS.charAt(row);
  const position = positionOf(scores, column);
  return {
    row,
    column,
    position,
    wildType,
    mutant,
    hgvs: hgvsLabel(wildType, position, mutant),
    llr: scores.heatmap[row]?.[column] ?? null,
    percentile: scores.percentiles?.[row]?.[column] ?? null,
  };
}

/** Orders cells by position, and within one as the rows of the heatmap. */
export function byPosition(one: Substitution, other: Substitution): number {
  return one.position - other.position || one.row - other.row;
}

/** The llr of a variant: the sum of those of its sites; null where one of them was not scored. */
export function llrOf(scores: Scores, variant: Variant): number | null {
  const cells = variant.map(
    ({ position, mutant }) => scores.heatmap[AMINO_ACIDS.indexOf(mutant)]?.[position - scores.offset - 1] ?? null,
  );
  const sum = cells.reduce<number | null>((whole, llr) => (whole === null || llr === null ? null : whole + llr), 0);
  return sum === null ? null : Number(sum.toFixed(DECIMALS));
}

/** All scored substitutions, best first. */
export function ranked(scores: Scores): ScoredSubstitution[] {
  return scores.heatmap
    .flatMap((cells, row) => cells.map((_, column) => ({ row, column })))
    .filter((cell) => !isWildType(scores, cell))
    .map((cell) => substitutionAt(scores, cell))
    .filter((substitution): substitution is ScoredSubstitution => substitution.llr !== null)
    .sort((a, b) => b.llr - a.llr);
}
