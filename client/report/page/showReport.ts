import type { ReportData } from "../reportData.js";
import { controls } from "./controls.js";
import { pictures, type SaveFile } from "./download.js";
import { Drawing } from "./drawing.js";
import { element } from "./elements.js";
import { heightOf } from "./geometry.js";
import { keyboard } from "./keyboard.js";
import { overview, zoomable, zoomButtons } from "./movement.js";
import { pointing } from "./pointer.js";
import { selectionPanel } from "./selection.js";
import { Store } from "./store.js";

/**
 * Draws the heatmap in the body of a report, and answers the reader.
 *
 * @param save how a file gets to the reader
 * @returns the view, which tells of each change
 */
export function showReport(data: ReportData, save: SaveFile): Store {
  const length = data.sequence.length;
  const canvas = element("heatmap", HTMLCanvasElement);
  canvas.style.height = `${heightOf(data)}px`;

  const store = new Store({ first: 0, end: length, order: "property", focus: undefined, selected: [] }, length);
  const drawing = new Drawing(canvas, data);

  let asked = false;
  /** Draws once for each frame of the screen, however often the view changes. */
  function redraw(): void {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      drawing.draw(store.view);
    });
  }

  store.listen(redraw);
  new ResizeObserver(redraw).observe(canvas);
  const strip = document.querySelector<SVGSVGElement>("#overview");
  if (strip) overview(strip, data, store);
  zoomable(canvas, store);
  zoomButtons(store);
  pointing(canvas, data, store);
  keyboard(canvas, data, store);
  controls(data, store);
  selectionPanel(data, store, save);
  pictures(data, store, save);
  return store;
}
