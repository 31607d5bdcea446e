import { AMINO_ACIDS } from "../contract/aminoAcids.js";
import type { VariantEffects } from "../contract/result.js";
import { DataError } from "./dataError.js";
import { spearman } from "./statistics.js";
import { positionOf, scoresOf } from "./substitutions.js";

/** How two results of one protein differ. */
export interface Comparison {
  /** Spearman's rank correlation of the substitutions that both scored; null for fewer than two. */
  readonly spearman: number | null;
  readonly compared: number;
  /** Positions by mean absolute difference of their llr, largest first. */
  readonly positions: readonly { readonly position: number; readonly wildType: string; readonly difference: number }[];
}

/**
 * Compares two results.
 *
 * @throws DataError where they are of different proteins
 */
export function compare(one: VariantEffects, other: VariantEffects): Comparison {
  if (one.sequence !== other.sequence)
    throw new DataError("the results are of different proteins; compare two results of one protein.");
  const columns = Array.from({ length: one.sequence.length }, (_, column) => ({
    column,
    pairs: Array.from(AMINO_ACIDS).flatMap((letter, row): [number, number][] => {
      const [first, second] = [one.heatmap[row]?.[column] ?? null, other.heatmap[row]?.[column] ?? null];
      return first === null || second === null || one.sequence[column] === letter ? [] : [[first, second]];
    }),
  }));
  const all = columns.flatMap(({ pairs }) => pairs);
  const positions = columns
    .filter(({ pairs }) => pairs.length > 0)
    .map(({ column, pairs }) => ({
      position: positionOf(scoresOf(one), column),
      wildType: one.sequence.charAt(column),
      difference: pairs.reduce((sum, [first, second]) => sum + Math.abs(first - second), 0) / pairs.length,
    }));
  return {
    spearman: spearman(
      all.map(([first]) => first),
      all.map(([, second]) => second),
    ),
    compared: all.length,
    positions: positions.sort((a, b) => b.difference - a.difference),
  };
}
