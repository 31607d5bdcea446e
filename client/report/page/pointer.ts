import { pointer } from "d3-selection";
import { isWildType, substitutionAt, type Cell } from "../../substitutions.js";
import type { ReportData } from "../reportData.js";
import { rowsBy } from "../rows.js";
import { describe } from "../table.js";
import { element } from "./elements.js";
import { cellAt } from "./geometry.js";
import { sameCell, type Store } from "./store.js";

/** Distance of the tooltip from the pointer, in CSS pixels. */
const TOOLTIP_DISTANCE = 14;

/** Shows what lies under the pointer, and selects: a click one cell, Shift and drag a block. */
export function pointing(canvas: HTMLCanvasElement, data: ReportData, store: Store): void {
  const tooltip = element("tooltip", HTMLDivElement);
  let corner: Cell | undefined;
  const cellUnder = (event: MouseEvent): Cell | undefined => {
    const [x, y] = pointer(event, canvas);
    return cellAt(store.view, canvas.clientWidth, x, y);
  };

  canvas.addEventListener("pointermove", (event) => {
    const cell = cellUnder(event);
    tooltip.hidden = cell === undefined;
    if (cell === undefined) return;
    tooltip.textContent = describe(substitutionAt(data, cell));
    const left = Math.min(event.clientX + TOOLTIP_DISTANCE, window.innerWidth - tooltip.offsetWidth - TOOLTIP_DISTANCE);
    tooltip.style.left = `${left}px`;
    tooltip.style.top = `${event.clientY + TOOLTIP_DISTANCE}px`;
  });
  canvas.addEventListener("pointerleave", () => {
    tooltip.hidden = true;
  });
  canvas.addEventListener("pointerdown", (event) => {
    corner = event.shiftKey ? cellUnder(event) : undefined;
  });
  canvas.addEventListener("pointerup", (event) => {
    const opposite = cellUnder(event);
    if (corner && opposite) {
      const chosen = block(data, store, corner, opposite);
      store.set({
        selected: [...store.view.selected.filter((cell) => !chosen.some((one) => sameCell(one, cell))), ...chosen],
      });
    }
  });
  canvas.addEventListener("click", (event) => {
    const cell = cellUnder(event);
    if (cell === undefined || event.shiftKey) return;
    store.set({ focus: cell });
    if (!isWildType(data, cell)) store.toggle(cell);
  });
}

/** All substitutions in the rectangle between two cells, as it is drawn. */
function block(data: ReportData, store: Store, corner: Cell, opposite: Cell): Cell[] {
  const order = rowsBy(store.view.order);
  const between = (one: number, other: number): number[] =>
    Array.from({ length: Math.abs(one - other) + 1 }, (_, step) => Math.min(one, other) + step);
  return between(order.indexOf(corner.row), order.indexOf(opposite.row)).flatMap((line) =>
    between(corner.column, opposite.column)
      .map((column) => ({ row: order[line] ?? 0, column }))
      .filter((cell) => !isWildType(data, cell)),
  );
}
