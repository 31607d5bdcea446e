import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";

/** Sequences that are at least so identical count as one. */
const SAME_IDENTITY = 0.8;

/**
 * Position-based weights of sequences: a residue that few sequences have counts more.
 *
 * @param rows rows of an alignment, in upper case
 * @returns a weight of each row; residues that are not standard count as gaps
 * @see https://doi.org/10.1016/0022-2836(94)90032-9 (Henikoff and Henikoff 1994)
 */
export function sequenceWeights(rows: readonly string[]): number[] {
  const weights = rows.map(() => 0);
  const length = rows[0]?.length ?? 0;
  for (let column = 0; column < length; column++) {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const residue = row.charAt(column);
      if (AMINO_ACIDS.includes(residue)) counts.set(residue, (counts.get(residue) ?? 0) + 1);
    }
    for (const [at, row] of rows.entries()) {
      const count = counts.get(row.charAt(column));
      if (count !== undefined) weights[at] = (weights[at] ?? 0) + 1 / (count * counts.size * length);
    }
  }
  return weights;
}

/**
 * The effective number of sequences: each counts as one over the number of sequences, itself included, that have the same
 * residue in at least 80 % of the columns in which both have one.
 *
 * @param rows rows of an alignment, in upper case
 */
export function effectiveSequences(rows: readonly string[]): number {
  const encoded = rows.map((row) => Uint8Array.from(row, (residue) => residue.charCodeAt(0)));
  const alike = rows.map(() => 1);
  for (const [first, a] of encoded.entries()) {
    for (let second = first + 1; second < encoded.length; second++) {
      const b = encoded[second] ?? a;
      if (identity(a, b) < SAME_IDENTITY) continue;
      alike[first] = (alike[first] ?? 1) + 1;
      alike[second] = (alike[second] ?? 1) + 1;
    }
  }
  return alike.reduce((sum, count) => sum + 1 / count, 0);
}

const GAP = "-".charCodeAt(0);

function identity(a: Uint8Array, b: Uint8Array): number {
  let [same, both] = [0, 0];
  for (let column = 0; column < a.length; column++) {
    if (a[column] === GAP || b[column] === GAP) continue;
    both++;
    if (a[column] === b[column]) same++;
  }
  return both === 0 ? 0 : same / both;
}
