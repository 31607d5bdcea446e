import type { Cell } from "../../substitutions.js";
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
/** Height of the whole drawing. */
export const HEIGHT = RULER + CELLS + TRACK_GAP + TRACK;

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

/** Top edge of a row. */
export function rowY(view: View, row: number): number {
  return RULER + rowsBy(view.order).indexOf(row) * ROW;
}
