import type { EvidenceRow } from "../../../contract/evidence.js";
import type { EvidenceTable, PartStatus } from "../../../contract/evidenceTable.js";
import { escapeMarkup } from "../../../contract/markup.js";

const STYLE =
  "body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1200px;padding:1rem;color-scheme:light dark}" +
  "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.15rem .75rem .15rem 0;border-bottom:1px solid #8888;vertical-align:top}" +
  ".notice{border-left:4px solid #b35900;padding:.5rem .75rem}";

/** The page loads nothing, and runs no script. */
const SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/** Rows of the page: those of own values of each position are left out, because the table in JSON has them. */
function isShown({ variant, kind }: EvidenceRow): boolean {
  return variant !== undefined || !["conservation", "gap fraction", "residues in the alignment"].includes(kind);
}

/** The table of evidence as a page without scripts: what each part gave, all rows, and what was refused. */
export function evidencePage(table: EvidenceTable): string {
  const { protein, rows, refused, not_scored: notScored, notice } = table;
  const title = `${protein.name}: evidence`;
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${SECURITY_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeMarkup(title)}</h1>`,
    `<p class="notice" role="note">${escapeMarkup(notice)}</p>`,
    `<p>${protein.sequence.length} residues${protein.accession === undefined ? "" : `, ${escapeMarkup(protein.accession)}`}${protein.gene === undefined ? "" : `, gene ${escapeMarkup(protein.gene)}`}. Made ${escapeMarkup(table.created_at)}.</p>`,
    "<h2>Parts</h2>",
    grid(["Part", "Status", "Reason"], partsOf(table)),
    "<h2>Evidence</h2>",
    grid(
      ["Position", "Variant", "Kind", "Value", "Source", "Version", "Retrieved", "Licence"],
      rows.filter(isShown).map(rowCells),
    ),
    ...(notScored.length === 0
      ? []
      : [
          "<h2>Not scored</h2>",
          grid(
            ["Variant", "Reason"],
            notScored.map(({ variant, reason }) => [escapeMarkup(variant), escapeMarkup(reason)]),
          ),
        ]),
    ...(refused.length === 0
      ? []
      : [
          "<h2>Refused: does not fit the sequence</h2>",
          grid(
            ["Position", "Variant", "Kind", "Value", "Source", "Version", "Retrieved", "Licence", "Reason"],
            refused.map(({ row, reason }) => [...rowCells(row), escapeMarkup(reason)]),
          ),
        ]),
    "</main></body></html>",
    "",
  ].join("\n");
}

function partsOf({ scores, alignment, retrieval, resolution, sources }: EvidenceTable): string[][] {
  const part = (name: string, { status, reason }: PartStatus, more?: string): string[] => [
    escapeMarkup(name),
    escapeMarkup(status),
    escapeMarkup([reason, more].filter((text) => text !== undefined).join("; ")),
  ];
  const { aligner, sequences, n_eff: nEff, note, spearman_llr_pssm: spearman } = alignment;
  const aligned =
    aligner === undefined || sequences === undefined || nEff === undefined
      ? undefined
      : [
          `${aligner}, ${sequences} sequences, N_eff ${nEff.toFixed(2)}`,
          note,
          spearman === undefined ? undefined : `Spearman of llr and PSSM ${spearman.toFixed(3)}`,
        ]
          .filter((text) => text !== undefined)
          .join(", ");
  return [
    ...(resolution ? [part("accession", resolution)] : []),
    part(
      "regions of genomes",
      retrieval,
      retrieval.failed?.map((one) => `${one.unique_entry_id}: ${one.reason}`).join("; "),
    ),
    part("model", scores, scores.weights === "synthetic" ? "synthetic weights: numbers without meaning" : undefined),
    part("alignment", alignment, aligned),
    ...sources.map((source) =>
      part(`source ${source.source}`, source, [`${source.rows} rows`, source.note].filter(Boolean).join(", ")),
    ),
  ];
}

function rowCells(row: EvidenceRow): string[] {
  const { start, end = start, variant = "", kind, value, source, source_version, retrieved_at, url, licence } = row;
  const place = start === undefined ? "" : start === end ? `${start}` : `${start}-${end ?? ""}`;
  const named = /^https:\/\//.test(url)
    ? `<a href="${escapeMarkup(url)}" rel="noreferrer">${escapeMarkup(source)}</a>`
    : escapeMarkup(source);
  return [
    place,
    escapeMarkup(variant),
    escapeMarkup(kind),
    escapeMarkup(value),
    named,
    ...[source_version, retrieved_at, licence].map(escapeMarkup),
  ];
}

/** @param rows cells as HTML */
function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag.split(" ")[0] ?? tag}>`).join("")}</tr>`;
  return `<table><thead>${line('th scope="col"', head)}</thead><tbody>${rows.map((cells) => line("td", cells)).join("\n")}</tbody></table>`;
}
