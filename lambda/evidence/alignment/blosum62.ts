import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";

/** Order of the rows of the published matrix and of the frequencies. */
const ORDER = "ARNDCQEGHILKMFPSTWYV";

/**
 * BLOSUM62 in half bits, the rows up to the diagonal.
 *
 * @see https://doi.org/10.1073/pnas.89.22.10915 (Henikoff and Henikoff 1992)
 */
const HALF_BITS: readonly (readonly number[])[] = [
  [4],
  [-1, 5],
  [-2, 0, 6],
  [-2, -2, 1, 6],
  [0, -3, -3, -3, 9],
  [-1, 1, 0, 0, -3, 5],
  [-1, 0, 0, 2, -4, 2, 5],
  [0, -2, 0, -1, -3, -2, -2, 6],
  [-2, 0, 1, -1, -3, 0, 0, -2, 8],
  [-1, -3, -3, -3, -1, -3, -3, -4, -3, 4],
  [-1, -2, -3, -4, -1, -2, -3, -4, -3, 2, 4],
  [-1, 2, 0, -1, -3, 1, 1, -2, -1, -3, -2, 5],
  [-1, -1, -2, -3, -1, 0, -2, -3, -2, 1, 2, -1, 5],
  [-2, -3, -3, -3, -2, -3, -3, -3, -1, 0, 0, -3, 0, 6],
  [-1, -2, -2, -1, -3, -1, -1, -2, -2, -3, -3, -1, -2, -4, 7],
  [1, -1, 1, 0, -1, 0, 0, 0, -1, -2, -2, 0, -1, -2, -1, 4],
  [0, -1, 0, -1, -1, -1, -1, -2, -2, -1, -1, -1, -1, -2, -1, 1, 5],
  [-3, -3, -4, -4, -2, -2, -3, -2, -2, -3, -2, -3, -1, 1, -4, -3, -2, 11],
  [-2, -2, -2, -3, -2, -1, -2, -3, 2, -1, -1, -2, -1, 3, -3, -2, -2, 2, 7],
  [0, -3, -3, -3, -1, -2, -2, -3, -3, 3, 1, -2, 1, -1, -2, -2, 0, -3, -1, 4],
];

/** Frequencies of the residues in the blocks that BLOSUM62 was made of. */
const FREQUENCIES = [
  0.078, 0.051, 0.041, 0.052, 0.024, 0.034, 0.059, 0.083, 0.025, 0.062, 0.092, 0.056, 0.024, 0.044, 0.043, 0.059, 0.055,
  0.014, 0.034, 0.072,
];

const places = Array.from(AMINO_ACIDS, (residue) => ORDER.indexOf(residue));
const sum = FREQUENCIES.reduce((total, one) => total + one, 0);

/** Background frequency of each residue in the order of `AMINO_ACIDS`; their sum is 1. */
export const BACKGROUND: readonly number[] = places.map((place) => (FREQUENCIES[place] ?? 0) / sum);

/** Scores of BLOSUM62 in half bits, rows and columns in the order of `AMINO_ACIDS`. */
export const BLOSUM62: readonly (readonly number[])[] = places.map((row) =>
  places.map((column) => HALF_BITS[Math.max(row, column)]?.[Math.min(row, column)] ?? 0),
);
