import { scaleLinear } from "d3-scale";
import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import { colourOf, scaleBound } from "../../colours.js";
import { isWildType, positionOf, type Cell } from "../../substitutions.js";
import { bars, type ReportData } from "../reportData.js";
import { rowsBy, type RowOrder } from "../rows.js";
import { CELLS, columnWidth, columnX, heightOf, LABELS, ROW, ROWS, rowY, RULER, TRACK, TRACK_GAP } from "./geometry.js";
import { evidenceTracks, type EvidenceTracks } from "./evidenceTracks.js";
import type { View } from "./store.js";

/** Narrowest columns, in CSS pixels, in which letters and marks can be read. */
const LETTER_WIDTH = 9;
const MARK_WIDTH = 4;
const TICK_DISTANCE = 60;
/** Room for the number of the last position. */
const TICK_MARGIN = 14;

/** What is drawn on cells: their colours are the same in light and dark. */
const MARK = "#111";

const NOT_SCORED = [187, 187, 187] as const;

/** Draws the heatmap on a canvas, sharp on any screen. */
export class Drawing {
  private readonly bound: number;
  private readonly bars: readonly number[];
  private readonly height: number;
  private readonly tracks: EvidenceTracks | undefined;
  private readonly pixels = new Map<RowOrder, HTMLCanvasElement>();
  private readonly narrow = document.createElement("canvas");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly data: ReportData,
  ) {
    this.bound = scaleBound(data.heatmap);
    this.bars = bars(data);
    this.height = heightOf(data);
    this.tracks = evidenceTracks(data);
  }

  draw(view: View): void {
    const width = this.canvas.clientWidth;
    // Not in sight, as in print.
    if (width === 0) return;
    const density = window.devicePixelRatio;
    if (this.canvas.width !== Math.round(width * density)) {
      this.canvas.width = Math.round(width * density);
      this.canvas.height = Math.round(this.height * density);
    }
    const context = contextOf(this.canvas);
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, this.height);
    const style = getComputedStyle(this.canvas);
    const ink = style.getPropertyValue("--ink");
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.save();
    context.beginPath();
    context.rect(LABELS, 0, width - LABELS, this.height);
    context.clip();
    this.drawCells(context, view, width);
    this.drawMarks(context, view, width);
    context.fillStyle = ink;
    this.drawRuler(context, view, width);
    context.fillStyle = style.getPropertyValue("--track");
    this.drawSensitivity(context, view, width);
    this.tracks?.draw(context, view, width, style);
    context.lineWidth = 2;
    context.strokeStyle = MARK;
    for (const cell of view.selected) {
      if (cell.column + 1 > view.first && cell.column < view.end) outline(context, view, width, cell);
    }
    context.strokeStyle = style.getPropertyValue("--cursor");
    if (view.focus) outline(context, view, width, view.focus);
    context.restore();
    context.fillStyle = ink;
    for (const row of rowsBy(view.order)) {
      context.fillText(AMINO_ACIDS.charAt(row), LABELS / 2, rowY(view, row) + ROW / 2);
    }
  }

  /** One pixel a cell, painted once for each order of rows; the browser scales it at any zoom. */
  private cells(order: RowOrder): HTMLCanvasElement {
    const known = this.pixels.get(order);
    if (known) return known;
    const canvas = document.createElement("canvas");
    canvas.width = this.data.sequence.length;
    canvas.height = ROWS;
    const context = contextOf(canvas);
    const image = context.createImageData(canvas.width, ROWS);
    rowsBy(order).forEach((row, line) => {
      for (let column = 0; column < canvas.width; column++) {
        const llr = this.data.heatmap[row]?.[column] ?? null;
        const wildType = isWildType(this.data, { row, column });
        const colour = wildType ? colourOf(0, 1) : llr === null ? NOT_SCORED : colourOf(llr, this.bound);
        image.data.set([...colour, 255], 4 * (line * canvas.width + column));
      }
    });
    context.putImageData(image, 0, 0);
    this.pixels.set(order, canvas);
    return canvas;
  }

  private drawCells(context: CanvasRenderingContext2D, view: View, width: number): void {
    const [cells, span] = [this.cells(view.order), view.end - view.first];
    context.imageSmoothingEnabled = false;
    if (columnWidth(view, width) >= 1) {
      context.drawImage(cells, view.first, 0, span, ROWS, LABELS, RULER, width - LABELS, CELLS);
      return;
    }
    // Columns narrower than a pixel are averaged, first and alone: rows keep sharp edges.
    this.narrow.width = width - LABELS;
    this.narrow.height = ROWS;
    const averaged = contextOf(this.narrow);
    averaged.imageSmoothingQuality = "high";
    averaged.drawImage(cells, view.first, 0, span, ROWS, 0, 0, this.narrow.width, ROWS);
    context.drawImage(this.narrow, 0, 0, this.narrow.width, ROWS, LABELS, RULER, width - LABELS, CELLS);
  }

  private drawMarks(context: CanvasRenderingContext2D, view: View, width: number): void {
    const cell = columnWidth(view, width);
    if (cell < MARK_WIDTH) return;
    context.fillStyle = MARK;
    for (let column = Math.floor(view.first); column < view.end; column++) {
      const row = AMINO_ACIDS.indexOf(this.data.sequence.charAt(column));
      context.beginPath();
      const radius = Math.min(cell / 4, 2.5);
      context.arc(columnX(view, width, column + 0.5), rowY(view, row) + ROW / 2, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }

  private drawRuler(context: CanvasRenderingContext2D, view: View, width: number): void {
    const [from, to] = [positionOf(this.data, Math.ceil(view.first)), positionOf(this.data, Math.ceil(view.end) - 1)];
    const marks = scaleLinear([from, to], [0, 1]).ticks(Math.max(2, width / TICK_DISTANCE));
    for (const position of marks.filter(Number.isInteger)) {
      const x = Math.min(columnX(view, width, position - this.data.offset - 0.5), width - TICK_MARGIN);
      context.fillText(`${position}`, x, 9);
    }
    if (columnWidth(view, width) < LETTER_WIDTH) return;
    for (let column = Math.floor(view.first); column < view.end; column++) {
      context.fillText(this.data.sequence.charAt(column), columnX(view, width, column + 0.5), 25);
    }
  }

  /** A bar for each position: the longer, the worse its substitutions are on average. */
  private drawSensitivity(context: CanvasRenderingContext2D, view: View, width: number): void {
    const cell = columnWidth(view, width);
    for (let column = Math.floor(view.first); column < view.end; column++) {
      const height = (this.bars[column] ?? 0) * TRACK;
      const gap = cell >= MARK_WIDTH ? 1 : 0;
      context.fillRect(columnX(view, width, column), RULER + CELLS + TRACK_GAP, Math.max(cell - gap, 0.5), height);
    }
  }
}

function outline(context: CanvasRenderingContext2D, view: View, width: number, cell: Cell): void {
  const x = columnX(view, width, cell.column);
  context.strokeRect(x + 1, rowY(view, cell.row) + 1, Math.max(columnWidth(view, width) - 2, 2), ROW - 2);
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  return context;
}
