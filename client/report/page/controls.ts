import { substitutionAt } from "../../substitutions.js";
import type { ReportData } from "../reportData.js";
import type { RowOrder } from "../rows.js";
import { find } from "../search.js";
import { describe } from "../table.js";
import { element, onPress, say, showStatus } from "./elements.js";
import type { Store } from "./store.js";

/** Columns around what a search finds. */
const AROUND = 15;

/** Search, order of rows, and theme. */
export function controls(data: ReportData, store: Store): void {
  const field = element("search", HTMLInputElement);
  // Not a form: clients of MCP show this page in a sandbox, where a form is never submitted.
  const search = (): void => {
    field.setAttribute("aria-invalid", "false");
    try {
      const { first, last, cells } = find(data, field.value);
      store.show(first - AROUND, last + AROUND + 1);
      const cell = cells[0];
      store.set({ focus: cell ?? { row: 0, column: first } });
      say(cell ? cells.map((one) => describe(substitutionAt(data, one))).join("; ") : `Position ${field.value.trim()}`);
    } catch (error) {
      field.setAttribute("aria-invalid", "true");
      say(error instanceof Error ? error.message : String(error));
    }
    showStatus();
  };
  onPress("find", search);
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") search();
  });
  const order = element("order", HTMLSelectElement);
  order.addEventListener("change", () => {
    store.set({ order: order.value as RowOrder });
  });
  onPress("theme", () => {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset["theme"] = (root.dataset["theme"] ?? system) === "dark" ? "light" : "dark";
    store.set({});
  });
}
