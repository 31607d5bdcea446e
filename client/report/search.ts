import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { InputError } from "../../contract/errors.js";
import { parsePositions } from "../../contract/positions.js";
import { checkWildTypes, parseVariant } from "../../contract/variants.js";
import type { Cell } from "../substitutions.js";
import type { ReportData } from "./reportData.js";

/** Where a search leads: columns, and the cells of a variant. */
export interface Found {
  readonly first: number;
  readonly last: number;
  readonly cells: readonly Cell[];
}

/**
 * Finds a variant (`K10A`, `p.Lys10Ala`, `K10A;L12V`) or positions (`K10`, `10`, `10-25`), in the caller's numbering.
 *
 * @throws InputError with what is wrong: unreadable, outside the protein, or another residue at that position
 */
export function find(data: ReportData, text: string): Found {
  if (text.trim() === "") {
    throw new InputError("INVALID_VARIANT", "Type a variant, such as K10A, or positions, such as 10-25.");
  }
  const columnOf = (position: number): number => position - data.offset - 1;
  if (/^\s*-?\d/.test(text)) {
    const ranges = parsePositions(text, data.sequence.length, data.offset);
    return { first: columnOf(ranges[0]?.first ?? 0), last: columnOf(ranges.at(-1)?.last ?? 0), cells: [] };
  }
  // A residue with its position alone is the wild type there.
  const variant = parseVariant(/\d\s*$/.test(text) ? `${text.trim()}=` : text);
  checkWildTypes([variant], data.sequence, data.offset);
  const cells = variant.map(({ position, mutant }) => ({
    row: AMINO_ACIDS.indexOf(mutant),
    column: columnOf(position),
  }));
  return { first: cells[0]?.column ?? 0, last: cells.at(-1)?.column ?? 0, cells };
}
