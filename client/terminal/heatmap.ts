import { Chalk, type ChalkInstance } from "chalk";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";
import { colourOf, scaleBound } from "../colours.js";
import { formatScore, SIGN } from "../score.js";

export interface HeatmapOptions {
  /** Width of the terminal in columns. Default 80. */
  readonly width?: number;
  /** Colour support of the terminal, as in chalk: 0 none, 1: 16 colours, 2: 256 colours, 3: true colour. Default 0. */
  readonly colourLevel?: 0 | 1 | 2 | 3;
}

/** One cell: its llr, null where it was not scored, or the wild type. */
type Cell = number | null | "wild type";

/** Largest number of blocks below one another; a longer protein has several positions in each column. */
const MOST_BLOCKS = 4;
const LABEL_WIDTH = 3;
const TICK = 10;

/** Characters for a terminal without colours, from neutral to extreme, for disfavoured and favoured mutants. */
const DISFAVOURED = [" ", ".", ":", "-", "=", "#", "@"];
const FAVOURED = [" ", "+", "*"];

/**
 * Draws a result for a terminal: a column for each position, a row for each amino acid, red where the mutant is less
 * likely than the wild type and blue where it is more likely (colour-blind people can distinguish the two). A long
 * protein has several positions in each column, whose cells are their means.
 *
 * @returns lines, without a final newline
 */
export function renderHeatmap(result: VariantEffects, { width = 80, colourLevel = 0 }: HeatmapOptions = {}): string {
  const columns = Math.max(TICK, width - LABEL_WIDTH);
  const stride = Math.max(1, Math.ceil(result.sequence_length / (columns * MOST_BLOCKS)));
  const cells = drawnCells(result, stride);
  const bound = scaleBound(result.heatmap);
  const paint = painter(new Chalk({ level: colourLevel }), bound);
  const drawn = cells[0]?.length ?? 0;
  const blocks: string[] = [];
  for (let first = 0; first < drawn; first += columns) {
    const last = Math.min(first + columns, drawn);
    const rows = cells.map(
      (row, index) => `${AMINO_ACIDS.charAt(index)}  ${row.slice(first, last).map(paint).join("")}`,
    );
    blocks.push(
      [ruler(first, last, stride, result.numbering_offset), wildTypes(result, first, last, stride), ...rows].join("\n"),
    );
  }
  return [...blocks, legend(paint, bound, stride)].join("\n\n");
}

function drawnCells(result: VariantEffects, stride: number): Cell[][] {
  const columns = Math.ceil(result.sequence_length / stride);
  return result.heatmap.map((row, rowIndex) =>
    Array.from({ length: columns }, (_, column) => {
      const first = column * stride;
      if (stride === 1 && result.sequence[first] === AMINO_ACIDS[rowIndex]) return "wild type";
      return mean(row.slice(first, first + stride));
    }),
  );
}

function mean(values: readonly (number | null)[]): number | null {
  const scored = values.filter((value) => value !== null);
  return scored.length === 0 ? null : scored.reduce((sum, value) => sum + value, 0) / scored.length;
}

function painter(chalk: ChalkInstance, bound: number): (cell: Cell) => string {
  return (cell) => {
    if (cell === "wild type") return chalk.dim("o");
    if (cell === null) return chalk.dim("?");
    if (chalk.level === 0) return sign(cell, Math.min(Math.abs(cell) / bound, 1));
    return chalk.bgRgb(...colourOf(cell, bound))(" ");
  };
}

function sign(llr: number, strength: number): string {
  const scale = llr < 0 ? DISFAVOURED : FAVOURED;
  return scale[Math.round(strength * (scale.length - 1))] ?? " ";
}

/** Position numbers above the columns; each begins at the column of its position. */
function ruler(first: number, last: number, stride: number, offset: number): string {
  let line = "";
  for (let column = first; column < last; column++) {
    const position = column * stride + 1 + offset;
    const marked = stride === 1 ? position % TICK === 0 || column === first : (column - first) % (2 * TICK) === 0;
    const text = `${position}`;
    if (marked && line.length <= column - first && column + text.length <= last) {
      line = line.padEnd(column - first) + text + " ";
    }
  }
  return " ".repeat(LABEL_WIDTH) + line.trimEnd();
}

function wildTypes(result: VariantEffects, first: number, last: number, stride: number): string {
  const letters = stride === 1 ? result.sequence.slice(first, last) : `(one column: ${stride} positions, mean llr)`;
  return " ".repeat(LABEL_WIDTH) + letters;
}

function legend(paint: (cell: Cell) => string, bound: number, stride: number): string {
  const steps = Array.from({ length: 13 }, (_, step) => paint(((step - 6) / 6) * bound)).join("");
  const marks = stride === 1 ? `${paint("wild type")} wild type, ` : "";
  return [
    `   llr ${formatScore(-bound)} ${steps} ${formatScore(bound)}   ${marks}${paint(null)} not scored`,
    `   ${SIGN}`,
  ].join("\n");
}
