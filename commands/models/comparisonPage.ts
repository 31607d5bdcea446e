import { escapeMarkup } from "../../contract/markup.js";
import { comparisonTables } from "./comparisonText.js";
import type { VersionComparison } from "./versionComparison.js";

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a1a1a;background:#fff}" +
  "table{border-collapse:collapse;width:100%;margin-bottom:2rem}th,td{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left}" +
  "td{font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding:.5rem 0}" +
  "@media (prefers-color-scheme:dark){body{color:#eee;background:#1a1a1a}th,td{border-color:#555}}";

/** A comparison as one HTML page that needs no network and runs no script. */
export function comparisonPage(comparison: VersionComparison): string {
  const { a, b, source } = comparison;
  const title = escapeMarkup(`${a.name} and ${b.name}: model versions compared`);
  const versions = [a, b].map(
    ({ name, model_id, revision, model_version }) =>
      `<li><strong>${escapeMarkup(name)}</strong>: ${escapeMarkup(`${model_id} (${revision}), ${model_version}`)}</li>`,
  );
  const tables = comparisonTables(comparison).map(
    ({ title: caption, columns, rows }) =>
      `<table><caption>${escapeMarkup(caption)}</caption><thead>${row(columns, "th")}</thead><tbody>${rows
        .map((cells) => row(cells, "td"))
        .join("")}</tbody></table>`,
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    `<body><h1>${title}</h1><ul>${versions.join("")}</ul><p>From ${escapeMarkup(source)}.</p>`,
    ...tables,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function row(cells: readonly string[], element: "th" | "td"): string {
  const opening = element === "th" ? '<th scope="col">' : "<td>";
  return `<tr>${cells.map((cell) => `${opening}${escapeMarkup(cell)}</${element}>`).join("")}</tr>`;
}
