import { pointer } from "d3-selection";
import { isWildType, substitutionAt, type Cell } from "../../substitutions.js";
import type { ReportData } from "../reportData.js";
import { evidenceOf, shortText } from "../reportEvidence.js";
import { rowsBy } from "../rows.js";
import { describe } from "../table.js";
import { element } from "./elements.js";
import { cellAt, nearestCell } from "./geometry.js";
import { keyOf, type Store } from "./store.js";

/** Distance of the tooltip from the pointer, in CSS pixels. */
const TOOLTIP_DISTANCE = 14;
/** Least distance from the left and right end of the window. */
const TOOLTIP_MARGIN = 8;

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
    tooltip.textContent = tooltipText(data, cell);
    const rightmost = document.documentElement.clientWidth - tooltip.offsetWidth - TOOLTIP_MARGIN;
    const left = Math.max(Math.min(event.clientX + TOOLTIP_DISTANCE, rightmost), TOOLTIP_MARGIN);
    const below = event.clientY + TOOLTIP_DISTANCE;
    const fits = below + tooltip.offsetHeight <= window.innerHeight;
    tooltip.style.left = `${left}px`;
    tooltip.style.top = `${fits ? below : event.clientY - TOOLTIP_DISTANCE - tooltip.offsetHeight}px`;
  });
  canvas.addEventListener("pointerleave", () => {
    tooltip.hidden = true;
  });
  canvas.addEventListener("pointerdown", (event) => {
    corner = event.shiftKey ? cellUnder(event) : undefined;
    // The drag may end beside the canvas.
    if (corner) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (corner === undefined) return;
    const [x, y] = pointer(event, canvas);
    const opposite = nearestCell(store.view, canvas.clientWidth, x, y);
    const chosen = opposite ? block(data, store, corner, opposite) : [];
    const keys = new Set(chosen.map(keyOf));
    store.set({ selected: [...store.view.selected.filter((cell) => !keys.has(keyOf(cell))), ...chosen] });
    corner = undefined;
  });
  canvas.addEventListener("click", (event) => {
    const cell = cellUnder(event);
    if (cell === undefined || event.shiftKey) return;
    store.set({ focus: cell });
    if (!isWildType(data, cell)) store.toggle(cell);
  });
}

/** Most rows of evidence in a tooltip. */
const MOST_IN_TOOLTIP = 6;

/** What is known of a cell: its score, and the evidence of its variant and position, each with its source. */
export function tooltipText(data: ReportData, cell: Cell): string {
  const substitution = substitutionAt(data, cell);
  const { wildType, mutant } = substitution;
  const place = cell.column + 1;
  const found = data.evidence ? evidenceOf(data.evidence, `${wildType}${place}${mutant}`, place) : [];
  const conservation = data.evidence?.conservation[cell.column] ?? null;
  const more = found.length - MOST_IN_TOOLTIP;
  return [
    describe(substitution),
    ...(conservation === null ? [] : [`conservation ${conservation.toFixed(2)}`]),
    ...found.slice(0, MOST_IN_TOOLTIP).map(shortText),
    ...(more > 0 ? [`and ${more} more: select the variant`] : []),
  ].join("\n");
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
