import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { colourOf, hexOf, scaleBound } from "../colours.js";
import { formatScore } from "../score.js";
import { escapeMarkup } from "../../contract/markup.js";
import { isWildType, positionOf } from "../substitutions.js";
import type { ReportData } from "./reportData.js";
import { rowsBy, type RowOrder } from "./rows.js";

/** Positions in one block. */
const BLOCK = 100;

/** How a picture is drawn. */
export interface PictureOptions {
  /** Positions in one block; a longer protein has several blocks below one another. Default 100. */
  readonly columns?: number;
  /** Default: by property. */
  readonly order?: RowOrder;
  /** Columns to draw: from `first`, without `last`. The title is above the first one, the legend below the last one. Default: all. */
  readonly first?: number;
  readonly last?: number;
}

/** Sizes in pixels. */
const CELL = 10;
const LABELS = 24;
const RULER = 26;
const GAP = 16;
const TITLE = 30;
/** A second line below the title. */
const NOTE = 16;
/** Size of the title, and the mean width of its letters: no sans-serif font is wider. */
const TITLE_FONT = 13;
const TITLE_LETTER = 0.6 * TITLE_FONT;
const LEGEND = 44;
const SMALLEST_WIDTH = 420;

/** Shades on each side of 0: one path for each keeps the file small. */
const SHADES = 32;
const TICK = 10;

/** The picture, one for each block: a page of paper ends between two. */
export function printedPictures(data: ReportData, order: RowOrder): string {
  const { length } = data.sequence;
  return Array.from({ length: Math.ceil(length / BLOCK) }, (_, block) =>
    picture(data, { order, first: block * BLOCK, last: Math.min((block + 1) * BLOCK, length) }),
  ).join("");
}

/** A static picture of a whole protein, as SVG: for slides, for print, and for readers without scripts. */
export function picture(
  data: ReportData,
  { columns = BLOCK, order = "property", first: start = 0, last: end = data.sequence.length }: PictureOptions = {},
): string {
  const rows = rowsBy(order);
  const bound = scaleBound(data.heatmap);
  const length = data.sequence.length;
  const blockHeight = RULER + rows.length * CELL + GAP;
  const blocks = Math.ceil((end - start) / columns);
  const note = data.model.weights === "synthetic" ? SYNTHETIC : "";
  const top = start === 0 ? TITLE + (note === "" ? 0 : NOTE) : 0;
  const width = Math.max(LABELS + Math.min(columns, length) * CELL + GAP, SMALLEST_WIDTH);
  const height = top + blocks * blockHeight + (end === length ? LEGEND : 0);
  const drawn = Array.from({ length: blocks }, (_, block) => {
    const first = start + block * columns;
    const last = Math.min(first + columns, end);
    const text = [...labels(rows), ...ruler(data, first, last)].join("");
    return `<g transform="translate(0 ${top + block * blockHeight})">${text}${cells(data, rows, bound, first, last)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="9" role="img">`,
    `<title>${escapeMarkup(data.name)}: llr of every substitution</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...(start === 0
      ? [
          `<text x="${LABELS}" y="18" font-size="${TITLE_FONT}">${escapeMarkup(titleOf(data, width - LABELS))}</text>`,
          ...(note === "" ? [] : [`<text x="${LABELS}" y="${18 + NOTE}" fill="#b35900">${note}</text>`]),
        ]
      : []),
    ...drawn,
    ...(end === length
      ? [`<g transform="translate(${LABELS} ${top + blocks * blockHeight})">${legend(bound)}</g>`]
      : []),
    "</svg>",
  ].join("\n");
}

const SYNTHETIC = "Synthetic weights: these numbers say nothing about the protein.";

/** The name as far as it fits, and the length. */
function titleOf({ name, sequence }: ReportData, width: number): string {
  const length = ` (${sequence.length} residues)`;
  const most = Math.floor(width / TITLE_LETTER) - length.length;
  const letters = Array.from(name);
  return `${letters.length <= most ? name : `${letters.slice(0, most - 3).join("")}...`}${length}`;
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
