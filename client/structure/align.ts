/** Scores of an alignment, as integers: a gap that is opened costs two matches, each further residue of it little. */
const MATCH = 10;
const MISMATCH = -8;
const OPEN = -20;
const EXTEND = -1;
const NEVER = -1_000_000_000;

/** Which matrix a cell came from: residues aligned, a residue of the chain alone, one of the protein alone, or none. */
type State = 0 | 1 | 2 | 3;
const ALIGNED = 0;
const CHAIN_ALONE = 1;
const PROTEIN_ALONE = 2;
const START = 3;

/**
 * Aligns a chain of a structure with a protein: the best local alignment with affine gaps (Gotoh 1982,
 * doi:10.1016/0022-2836(82)90398-9), as tags and missing ends belong to one of the two alone.
 *
 * @param chain residues in one-letter code; X for unknown ones
 * @returns for each residue of the chain the 0-based column of the protein; null where it has none
 */
export function align(chain: string, protein: string): (number | null)[] {
  const [rows, columns] = [chain.length, protein.length];
  const width = columns + 1;
  /** For each cell the states before it: 2 bits for `ALIGNED`, 1 for `CHAIN_ALONE`, 1 for `PROTEIN_ALONE`. */
  const before = new Uint8Array((rows + 1) * width);
  let upper = startRow(width);
  let best = { score: 0, row: 0, column: 0 };
  for (let row = 1; row <= rows; row++) {
    const lower = startRow(width);
    for (let column = 1; column <= columns; column++) {
      const from = largest(upper, column - 1);
      const equal = chain[row - 1] === protein[column - 1];
      const aligned = (from === START ? 0 : (upper[from][column - 1] ?? NEVER)) + (equal ? MATCH : MISMATCH);
      const [up, upGap] = [(upper[ALIGNED][column] ?? NEVER) + OPEN, (upper[CHAIN_ALONE][column] ?? NEVER) + EXTEND];
      const [left, leftGap] = [
        (lower[ALIGNED][column - 1] ?? NEVER) + OPEN,
        (lower[PROTEIN_ALONE][column - 1] ?? NEVER) + EXTEND,
      ];
      lower[ALIGNED][column] = aligned;
      lower[CHAIN_ALONE][column] = Math.max(up, upGap);
      lower[PROTEIN_ALONE][column] = Math.max(left, leftGap);
      before[row * width + column] = from | (upGap > up ? 4 : 0) | (leftGap > left ? 8 : 0);
      if (aligned > best.score) best = { score: aligned, row, column };
    }
    upper = lower;
  }
  return traced(before, width, best, rows);
}

type Row = readonly [Int32Array, Int32Array, Int32Array];

function startRow(width: number): Row {
  return [new Int32Array(width), new Int32Array(width).fill(NEVER), new Int32Array(width).fill(NEVER)];
}

function largest([aligned, chainAlone, proteinAlone]: Row, column: number): State {
  const [a, b, c] = [aligned[column] ?? NEVER, chainAlone[column] ?? NEVER, proteinAlone[column] ?? NEVER];
  if (Math.max(a, b, c) <= 0) return START;
  if (a >= b && a >= c) return ALIGNED;
  return b >= c ? CHAIN_ALONE : PROTEIN_ALONE;
}

function traced(
  before: Uint8Array,
  width: number,
  { row, column }: { readonly row: number; readonly column: number },
  rows: number,
): (number | null)[] {
  const found = new Array<number | null>(rows).fill(null);
  let state: State = ALIGNED;
  while (state !== START && row > 0 && column > 0) {
    const bits: number = before[row * width + column] ?? 0;
    if (state === ALIGNED) {
      found[row - 1] = column - 1;
      state = (bits & 3) as State;
      row--;
      column--;
    } else if (state === CHAIN_ALONE) {
      state = bits & 4 ? CHAIN_ALONE : ALIGNED;
      row--;
    } else {
      state = bits & 8 ? PROTEIN_ALONE : ALIGNED;
      column--;
    }
  }
  return found;
}
