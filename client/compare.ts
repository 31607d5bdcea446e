import { AMINO_ACIDS } from "../contract/aminoAcids.js";
import type { VariantEffects } from "../contract/result.js";
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
 * @throws RangeError where they are of different proteins
 */
export function compare(one: VariantEffects, other: VariantEffects): Comparison {
  if (one.sequence !== other.sequence) throw new RangeError("The results are of different proteins.");
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

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values with the mean of their ranks.
 *
 * @returns null for fewer than two pairs, or where one side has a single value
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  const [x, y] = [ranks(first), ranks(second)];
  const middle = (x.length + 1) / 2;
  let [covariance, spreadX, spreadY] = [0, 0, 0];
  x.forEach((rank, index) => {
    const [dx, dy] = [rank - middle, (y[index] ?? middle) - middle];
    covariance += dx * dy;
    spreadX += dx * dx;
    spreadY += dy * dy;
  });
  const spread = Math.sqrt(spreadX * spreadY);
  return spread === 0 ? null : covariance / spread;
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranked = new Array<number>(values.length);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (order[last + 1]?.value === order[first]?.value && last + 1 < order.length) last++;
    for (let tied = first; tied <= last; tied++) ranked[order[tied]?.index ?? 0] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return ranked;
}
