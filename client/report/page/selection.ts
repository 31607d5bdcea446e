import type { EvidenceRow } from "../../../contract/evidence.js";
import type { ReportData } from "../reportData.js";
import { evidenceOf, linkOf, shortText } from "../reportEvidence.js";
import { formatScore } from "../../score.js";
import { ranked, substitutionAt, type Substitution } from "../../substitutions.js";
import { csvOf } from "../table.js";
import type { SaveFile } from "./download.js";
import { element, onPress, say } from "./elements.js";
import type { Store } from "./store.js";

/** Rows of the list of selected variants; more are in the CSV. */
const MOST_LISTED = 200;

/** The list of selected variants, and what can be done with it. */
export function selectionPanel(data: ReportData, store: Store, save: SaveFile): void {
  const rows = element("selected", HTMLTableSectionElement);
  const count = element("selected-count", HTMLSpanElement);
  const chosen = (): Substitution[] => store.view.selected.map((cell) => substitutionAt(data, cell));
  /** What is copied and downloaded: the selection, or everything where nothing is selected. */
  const csv = (): string => csvOf(store.view.selected.length > 0 ? chosen() : ranked(data));
  let shown = store.view.selected;

  const list = (): void => {
    const { length } = store.view.selected;
    count.textContent = length > MOST_LISTED ? `${length} (the first ${MOST_LISTED} are listed)` : `${length}`;
    rows.replaceChildren(
      ...chosen()
        .slice(0, MOST_LISTED)
        .map((one) => tableRow(one, data)),
    );
    for (const id of ["copy", "clear"]) element(id, HTMLButtonElement).disabled = length === 0;
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
    save("variants.csv", new Blob([csv()], { type: "text/csv" }));
  });
}

/** Most rows of evidence of one variant in the list; all are in the section below. */
const MOST_EVIDENCE = 10;

/** A row of evidence, as a link to its source where it has one. */
function evidenceItem(row: EvidenceRow): HTMLElement {
  const item = document.createElement("div");
  const link = linkOf(row);
  if (link === undefined) {
    item.textContent = shortText(row);
    return item;
  }
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.target = "_blank";
  anchor.rel = "noreferrer";
  anchor.textContent = shortText(row);
  item.append(anchor);
  return item;
}

function tableRow(one: Substitution, { evidence }: ReportData): HTMLTableRowElement {
  const { column, hgvs, llr, mutant, percentile, wildType } = one;
  const row = document.createElement("tr");
  for (const text of [hgvs, llr === null ? "not scored" : formatScore(llr), percentile?.toFixed(1) ?? ""]) {
    row.insertCell().textContent = text;
  }
  if (evidence) {
    const found = evidenceOf(evidence, `${wildType}${column + 1}${mutant}`, column + 1);
    row.insertCell().append(...found.slice(0, MOST_EVIDENCE).map(evidenceItem));
  }
  return row;
}
