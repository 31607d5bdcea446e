import { isWildType, substitutionAt } from "../../substitutions.js";
import type { ReportData } from "../reportData.js";
import { rowsBy } from "../rows.js";
import { describe } from "../table.js";
import { say } from "./elements.js";
import { sameCell, type Store } from "./store.js";

/** Columns that Page Up and Page Down move by. */
const PAGE = 10;

/** Rows and columns that a key moves the cursor by. */
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [0, -PAGE],
  PageDown: [0, PAGE],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** Moves the cursor by the arrow keys, and selects by Enter or the space bar; a screen reader reads each cell. */
export function keyboard(canvas: HTMLCanvasElement, data: ReportData, store: Store): void {
  canvas.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (move) {
      const [down, right] = move;
      const order = rowsBy(store.view.order);
      const { row = order[0] ?? 0, column = Math.ceil(store.view.first) } = store.view.focus ?? {};
      const line = clamp(order.indexOf(row) + (store.view.focus ? down : 0), 0, order.length - 1);
      const next = clamp(column + (store.view.focus ? right : 0), 0, store.length - 1);
      store.focusOn({ row: order[line] ?? 0, column: next });
    } else if ((event.key === "Enter" || event.key === " ") && store.view.focus) {
      if (!isWildType(data, store.view.focus)) store.toggle(store.view.focus);
    } else {
      return;
    }
    event.preventDefault();
    const { focus, selected } = store.view;
    if (!focus) return;
    const chosen = selected.some((cell) => sameCell(cell, focus));
    say(`${describe(substitutionAt(data, focus))}${chosen ? "; selected" : ""}`);
  });
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}
