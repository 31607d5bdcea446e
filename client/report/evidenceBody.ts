import type { EvidenceRow } from "../../contract/evidence.js";
import { escapeMarkup } from "../../contract/markup.js";
import { linkOf, type ReportEvidence } from "./reportEvidence.js";

/** Most rows of the list; the table of the workflow has all. */
const MOST_ROWS = 500;

/** The section of a report with the evidence: what became of each source, and the rows with links. */
export function evidenceBody({ notice, rows, sources, not_scored: notScored }: ReportEvidence): string {
  // Confidence of each residue is in the tooltips: it would fill the list.
  const listed = rows.filter(({ kind }) => kind !== "pLDDT" && kind !== "PSSM log-odds");
  const left = listed.length - MOST_ROWS;
  return `<section aria-label="Evidence">
<h2>Evidence</h2>
<p class="banner" role="note">${escapeMarkup(notice)}</p>
<p class="facts">${sources.map(({ source, status, reason }) => escapeMarkup(`${source}: ${status}${reason === undefined ? "" : ` (${reason})`}`)).join(" · ")}</p>
<div class="wide" tabindex="0" role="region" aria-label="Table of evidence"><table id="evidence"><thead><tr><th scope="col">Position</th><th scope="col">Variant</th><th scope="col">Kind</th><th scope="col">Value</th><th scope="col">Source</th><th scope="col">Version</th><th scope="col">Licence</th></tr></thead><tbody>
${listed.slice(0, MOST_ROWS).map(rowMarkup).join("\n")}
</tbody></table></div>
${left > 0 ? `<p class="hint">${left} more rows are in the table of the workflow.</p>` : ""}
${notScored.length > 0 ? `<p class="facts">Not scored: ${notScored.map(({ variant, reason }) => escapeMarkup(`${variant} (${reason})`)).join("; ")}</p>` : ""}
</section>`;
}

function rowMarkup(row: EvidenceRow): string {
  const { start, end = start, variant = "", kind, value, source, source_version: version, licence } = row;
  const place = start === undefined ? "" : start === end ? `${start}` : `${start}-${end ?? ""}`;
  const link = linkOf(row);
  const named =
    link === undefined
      ? escapeMarkup(source)
      : `<a href="${escapeMarkup(link)}" target="_blank" rel="noreferrer">${escapeMarkup(source)}</a>`;
  const cells = [place, ...[variant, kind, value].map(escapeMarkup), named, ...[version, licence].map(escapeMarkup)];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
