import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { colourOf, hexOf, scaleBound } from "../colours.js";
import { formatScore } from "../score.js";
import { embeddedJson, escapeMarkup } from "./markup.js";
import { reportBody } from "./reportBody.js";
import type { ReportData } from "./reportData.js";

const PAGE = fileURLToPath(new URL("./page/", import.meta.url));

/** The page loads nothing: what it shows cannot leave the reader's machine. */
const SECURITY_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'";

let script: Promise<string> | undefined;

/**
 * The heatmap of a result as one HTML file that needs no network: zoom, search, tooltips, a selection to save, pictures.
 *
 * @param data see `reportData`
 * @returns the file's text; under 1 MB for proteins of up to 1,500 residues or so
 */
export async function renderReport(data: ReportData): Promise<string> {
  const title = `${data.name}: variant effects`;
  const bound = scaleBound(data.heatmap);
  const gradient = [-1, -0.5, 0, 0.5, 1].map((share) => hexOf(colourOf(share * bound, bound))).join(", ");
  script ??= bundledScript();
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${SECURITY_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${readFileSync(`${PAGE}style.css`, "utf8")}.scale{background:linear-gradient(to right, ${gradient})}</style>`,
    "</head>",
    "<body>",
    reportBody(data, [formatScore(-bound), formatScore(bound)]),
    `<script type="application/json" id="data">${embeddedJson(data)}</script>`,
    `<script>${await script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

async function bundledScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${PAGE}main.ts`],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  });
  // The text of a script element ends at the first closing tag, also inside a string.
  return (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
}
