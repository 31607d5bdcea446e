import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import type { Conservation } from "../../../contract/evidence.js";

/**
 * Adds Spearman's rank correlation of llr and PSSM over the substitutions that both have: agreement is information, a blend
 * of both would be a claim.
 *
 * @param heatmap llr of the model: 20 rows in the order of `AMINO_ACIDS`, one column a position; null where nothing was scored
 * @returns the conservation unchanged where the protein has another length, or nothing can be ranked
 */
export function withRankCorrelation(
  conservation: Conservation,
  heatmap: readonly (readonly (number | null)[])[],
): Conservation {
  if (heatmap.some((row) => row.length !== conservation.positions.length)) return conservation;
  const [llrs, odds]: [number[], number[]] = [[], []];
  for (const [column, { residue, pssm }] of conservation.positions.entries()) {
    for (const [row, mutant] of Array.from(AMINO_ACIDS).entries()) {
      const [llr, logOdds] = [heatmap[row]?.[column], pssm[row]];
      if (mutant === residue || typeof llr !== "number" || logOdds === undefined) continue;
      llrs.push(llr);
      odds.push(logOdds);
    }
  }
  const spearman = rankCorrelation(llrs, odds);
  return spearman === undefined ? conservation : { ...conservation, spearman_llr_pssm: spearman };
}

/** Spearman's rank correlation; undefined where one of both has no order. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [ranks(a), ranks(b)];
  // The mean of ranks is always the same, ties or not.
  const mean = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (const [index, rank] of x.entries()) {
    const [dx, dy] = [rank - mean, (y[index] ?? 0) - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : undefined;
}

/** Ranks from 1; equal values have the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = Array.from(values, (value, index) => ({ value, index })).sort((p, q) => p.value - q.value);
  const found = values.map(() => 0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end++;
    for (const { index } of order.slice(start, end)) found[index] = (start + 1 + end) / 2;
    start = end;
  }
  return found;
}
