import type { Cell } from "../../substitutions.js";
import type { ReportData } from "../reportData.js";
import { rowsBy } from "../rows.js";
import type { View } from "./store.js";

/** Sizes in CSS pixels. */
export const LABELS = 22;
export const RULER = 34;
export const ROW = 15;
export const ROWS = 20;
export const TRACK = 48;
export const TRACK_GAP = 8;

/** Height of the cells. */
export const CELLS = ROW * ROWS;
/** Height of the drawing without evidence. */
export const HEIGHT = RULER + CELLS + TRACK_GAP + TRACK;

/** Height of the track of conservation, and of the lanes of domains and of known variants. */
export const CONSERVATION = 28;
export const LANE = 10;

/** Height of the drawing of a report with its tracks of evidence. */
export function heightOf(data: Pick<ReportData, "evidence">): number {
  return data.evidence ? HEIGHT + 3 * TRACK_GAP + CONSERVATION + 2 * LANE : HEIGHT;
}

/** Width of one column. */
export function columnWidth(view: View, width: number): number {
  return (width - LABELS) / (view.end - view.first);
}

/** Left edge of a column. */
export function columnX(view: View, width: number, column: number): number {
  return LABELS + (column - view.first) * columnWidth(view, width);
}

/** The column at a point; not whole, and outside the view for points left and right of the cells. */
export function columnAt(view: View, width: number, x: number): number {
  return view.first + (x - LABELS) / columnWidth(view, width);
}

/** The cell at a point, or undefined beside the cells. */
export function cellAt(view: View, width: number, x: number, y: number): Cell | undefined {
  const column = Math.floor(columnAt(view, width, x));
  const row = rowsBy(view.order)[Math.floor((y - RULER) / ROW)];
  if (row === undefined || x < LABELS || column < view.first - 1 || column >= view.end) return undefined;
  return { row, column };
}

/** Less than the width of any column. */
const NEARLY = 1e-3;

/** The cell at a point, or the nearest one to a point beside the cells. */
export function nearestCell(view: View, width: number, x: number, y: number): Cell | undefined {
  const within = (value: number, lowest: number, end: number): number =>
    Math.min(Math.max(value, lowest), end - NEARLY);
  return cellAt(view, width, within(x, LABELS, width), within(y, RULER, RULER + CELLS));
}

/** Top edge of a row. */
export function rowY(view: View, row: number): number {
  return RULER + rowsBy(view.order).indexOf(row) * ROW;
}
