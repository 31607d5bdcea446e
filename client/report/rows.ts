import { AMINO_ACIDS } from "../../contract/aminoAcids.js";

/** Orders in which the 20 rows can be drawn. */
export const ROW_ORDERS = {
  /** Aliphatic, aromatic, polar, special, positive, negative. */
  property: "AVILMFWYSTNQCGPKRHDE",
  alphabet: AMINO_ACIDS,
} as const;

export type RowOrder = keyof typeof ROW_ORDERS;

function indices(letters: string): readonly number[] {
  return Array.from(letters, (letter) => AMINO_ACIDS.indexOf(letter));
}

const ROWS: Readonly<Record<RowOrder, readonly number[]>> = {
  property: indices(ROW_ORDERS.property),
  alphabet: indices(ROW_ORDERS.alphabet),
};

/** Row indices of a result, from top to bottom. */
export function rowsBy(order: RowOrder): readonly number[] {
  return ROWS[order];
}
