import type { ReportData } from "../reportData.js";
import { formatScore } from "../../score.js";
import { ranked, substitutionAt, type Substitution } from "../../substitutions.js";
import { csvOf } from "../table.js";
import { download } from "./download.js";
import { element, onPress, say } from "./elements.js";
import type { Store } from "./store.js";

/** Rows of the list of selected variants; more are in the CSV. */
const MOST_LISTED = 200;

/** The list of selected variants, and what can be done with it. */
export function selectionPanel(data: ReportData, store: Store): void {
  const rows = element("selected", HTMLTableSectionElement);
  const count = element("selected-count", HTMLSpanElement);
  const chosen = (): Substitution[] => store.view.selected.map((cell) => substitutionAt(data, cell));
  /** What is copied and downloaded: the selection, or everything where nothing is selected. */
  const csv = (): string => csvOf(store.view.selected.length > 0 ? chosen() : ranked(data));
  let shown = store.view.selected;

  const list = (): void => {
    count.textContent = `${store.view.selected.length}`;
    rows.replaceChildren(...chosen().slice(0, MOST_LISTED).map(tableRow));
    for (const id of ["copy", "clear"]) element(id, HTMLButtonElement).disabled = store.view.selected.length === 0;
  };
  list();
  store.listen(({ selected }) => {
    if (selected === shown) return;
    shown = selected;
    list();
  });
  onPress("clear", () => {
    store.set({ selected: [] });
  });
  onPress("copy", () => {
    void navigator.clipboard.writeText(csv()).then(
      () => {
        say(`Copied ${store.view.selected.length} variants.`);
      },
      () => {
        say("This browser does not let a page copy: download the CSV file.");
      },
    );
  });
  onPress("csv", () => {
    download("variants.csv", new Blob([csv()], { type: "text/csv" }));
  });
}

function tableRow({ hgvs, llr, percentile }: Substitution): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const text of [hgvs, llr === null ? "not scored" : formatScore(llr), percentile?.toFixed(1) ?? ""]) {
    row.insertCell().textContent = text;
  }
  return row;
}
