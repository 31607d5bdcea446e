import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { colourOf, hexOf, scaleBound } from "../colours.js";
import { formatScore } from "../score.js";
import { escapeMarkup } from "./markup.js";
import { isWildType, positionOf } from "../substitutions.js";
import type { ReportData } from "./reportData.js";
import { rowsBy, type RowOrder } from "./rows.js";

/** How a picture is drawn. */
export interface PictureOptions {
  /** Positions in one block; a longer protein has several blocks below one another. Default 100. */
  readonly columns?: number;
  /** Default: by property. */
  readonly order?: RowOrder;
}

/** Sizes in pixels. */
const CELL = 10;
const LABELS = 24;
const RULER = 26;
const GAP = 16;
const TITLE = 30;
const LEGEND = 44;
const SMALLEST_WIDTH = 420;

/** Shades on each side of 0: one path for each keeps the file small. */
const SHADES = 32;
const TICK = 10;

/** A static picture of a whole protein, as SVG: for slides, for print, and for readers without scripts. */
export function picture(data: ReportData, { columns = 100, order = "property" }: PictureOptions = {}): string {
  const rows = rowsBy(order);
  const bound = scaleBound(data.heatmap);
  const length = data.sequence.length;
  const blockHeight = RULER + rows.length * CELL + GAP;
  const blocks = Math.ceil(length / columns);
  const width = Math.max(LABELS + Math.min(columns, length) * CELL + GAP, SMALLEST_WIDTH);
  const height = TITLE + blocks * blockHeight + LEGEND;
  const drawn = Array.from({ length: blocks }, (_, block) => {
    const first = block * columns;
    const text = [...labels(rows), ...ruler(data, first, Math.min(first + columns, length))].join("");
    const body = `${text}${cells(data, rows, bound, first, Math.min(first + columns, length))}`;
    return `<g transform="translate(0 ${TITLE + block * blockHeight})">${body}</g>`;
  });
  const synthetic = data.model.weights === "synthetic" ? " · synthetic weights: numbers without meaning" : "";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="9" role="img">`,
    `<title>${escapeMarkup(data.name)}: llr of every substitution</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${LABELS}" y="18" font-size="13">${escapeMarkup(data.name)} (${length} residues)${synthetic}</text>`,
    ...drawn,
    `<g transform="translate(${LABELS} ${TITLE + blocks * blockHeight})">${legend(bound)}</g>`,
    "</svg>",
  ].join("\n");
}

function labels(rows: readonly number[]): string[] {
  return rows.map(
    (row, line) => `<text x="8" y="${RULER + line * CELL + 8}" fill="#444">${AMINO_ACIDS.charAt(row)}</text>`,
  );
}

function ruler(data: ReportData, first: number, last: number): string[] {
  const marks: string[] = [];
  for (let column = first; column < last; column++) {
    const x = LABELS + (column - first) * CELL + CELL / 2;
    const position = positionOf(data, column);
    if (column === first || position % TICK === 0) {
      marks.push(`<text x="${x}" y="10" text-anchor="middle" fill="#444">${position}</text>`);
    }
    marks.push(`<text x="${x}" y="22" text-anchor="middle" fill="#111">${data.sequence.charAt(column)}</text>`);
  }
  return marks;
}

function cells(data: ReportData, rows: readonly number[], bound: number, first: number, last: number): string {
  const paths = new Map<string, string>();
  let wildTypes = "";
  rows.forEach((row, line) => {
    for (let column = first; column < last; column++) {
      const [x, y] = [LABELS + (column - first) * CELL, RULER + line * CELL];
      if (isWildType(data, { row, column })) {
        wildTypes += `<circle cx="${x + CELL / 2}" cy="${y + CELL / 2}" r="1.6"/>`;
        continue;
      }
      const llr = data.heatmap[row]?.[column] ?? null;
      const fill = llr === null ? "#bbb" : hexOf(colourOf(shaded(llr, bound), bound));
      paths.set(fill, `${paths.get(fill) ?? ""}M${x} ${y}h${CELL}v${CELL}h-${CELL}z`);
    }
  });
  return [...paths].map(([fill, path]) => `<path fill="${fill}" d="${path}"/>`).join("") + wildTypes;
}

function shaded(llr: number, bound: number): number {
  const strength = Math.max(-1, Math.min(1, llr / bound));
  return (Math.round(strength * SHADES) / SHADES) * bound;
}

function legend(bound: number): string {
  const steps = Array.from({ length: 21 }, (_, step) => {
    const fill = hexOf(colourOf(((step - 10) / 10) * bound, bound));
    return `<rect x="${48 + step * CELL}" y="0" width="${CELL}" height="${CELL}" fill="${fill}"/>`;
  }).join("");
  const end = 48 + 21 * CELL + 4;
  return [
    `<text x="44" y="9" text-anchor="end">${formatScore(-bound)}</text>${steps}<text x="${end}" y="9">${formatScore(bound)}</text>`,
    `<circle cx="${end + 52}" cy="5" r="1.6"/><text x="${end + 58}" y="9">wild type</text>`,
    `<text x="0" y="26">llr: below 0, less likely than the wild type; above 0, likelier. Grey: not scored.</text>`,
  ].join("");
}
