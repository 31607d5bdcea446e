import { colourOf, hexOf, scaleBound } from "../colours.js";
import { formatScore } from "../score.js";
import { evidenceBody } from "./evidenceBody.js";
import { escapeMarkup } from "../../contract/markup.js";
import { ranked, type ScoredSubstitution } from "../substitutions.js";
import type { ReportData } from "./reportData.js";

/** Substitutions in each of the two lists. */
const LISTED = 20;

/** The body of a report, without data and script. */
export function reportBody(data: ReportData): string {
  const { name, sequence, model, scoring } = data;
  const substitutions = ranked(data);
  return `<main>
<header>
<h1>${escapeMarkup(name)}</h1>
<p class="facts">${sequence.length} residues · ${escapeMarkup(model.id)}, revision ${escapeMarkup(model.revision)} · ${escapeMarkup(scoring)}</p>
${model.weights === "synthetic" ? SYNTHETIC : ""}
<p class="facts">The llr is the log-likelihood ratio of the mutant to the wild type (natural logarithm). Below 0, the model finds the mutant less likely than the wild type; above 0, likelier. It is no measurement of stability, activity or disease. Research use only.</p>
</header>
<section class="interactive" aria-label="Heatmap">
<div class="bar">
<div role="search"><label for="search">Variant or position<input id="search" autocomplete="off" spellcheck="false" placeholder="K10A or 10-25"></label><button id="find" type="button">Find</button></div>
<label for="order">Rows<select id="order"><option value="property">by property</option><option value="alphabet">by alphabet</option></select></label>
<button id="zoom-in" type="button" aria-label="Zoom in">+</button>
<button id="zoom-out" type="button" aria-label="Zoom out">−</button>
<button id="zoom-all" type="button">Whole protein</button>
<button id="png" type="button">PNG</button>
<button id="svg" type="button">SVG</button>
<button id="theme" type="button">Dark or light</button>
</div>
<canvas id="heatmap" tabindex="0" role="application" aria-roledescription="heatmap" aria-label="Scores of all substitutions: positions from left to right, the 20 residues from top to bottom" aria-describedby="hint"></canvas>
<svg id="overview" aria-hidden="true"></svg>
<p class="legend">${scale(data)} · dot: wild type · grey: not scored · bars: mean llr of a position, the longer the worse${data.evidence ? TRACKS : ""}</p>
<p class="hint" id="hint">Click or Enter selects a variant, Shift and drag a block, arrow keys move. Ctrl and wheel, or a drag on the strip, zooms.</p>
<p id="status" role="status"></p>
<h2>Selected variants: <span id="selected-count">0</span></h2>
<div class="bar">
<button id="copy" type="button">Copy as CSV</button>
<button id="csv" type="button">Download CSV</button>
<button id="clear" type="button">Clear</button>
<span class="hint">Without a selection, the CSV file has all variants.</span>
</div>
<table>${data.evidence ? HEAD.replace("</tr>", '<th scope="col">Evidence</th></tr>') : HEAD}<tbody id="selected"></tbody></table>
</section>
<div id="print"></div>
<section aria-label="Best and worst variants">
<h2>Best and worst variants</h2>
<div class="tables">
${table("Best", substitutions.slice(0, LISTED))}
${table("Worst", substitutions.slice(-LISTED).reverse())}
</div>
</section>
${data.evidence ? evidenceBody(data.evidence) : ""}
<div id="tooltip" role="tooltip" hidden></div>
</main>`;
}

/** The scale of colours between the scores with full colour. */
function scale({ heatmap }: ReportData): string {
  const bound = scaleBound(heatmap);
  const colours = [-1, -0.5, 0, 0.5, 1].map((share) => hexOf(colourOf(share * bound, bound)));
  const gradient = `linear-gradient(to right, ${colours.join(", ")})`;
  return `<span class="keep">llr ${formatScore(-bound)} <span class="scale" style="background:${gradient}"></span> ${formatScore(bound)}</span>`;
}

const TRACKS = " · below: conservation, domains and other stretches, known variants";

const SYNTHETIC =
  '<p class="banner" role="note">Synthetic weights: a random model for tests made these numbers. They say nothing about this protein.</p>';

const HEAD =
  '<thead><tr><th scope="col">Variant</th><th scope="col">llr</th><th scope="col">Percentile</th></tr></thead>';

function table(caption: string, substitutions: readonly ScoredSubstitution[]): string {
  const rows = substitutions.map(
    ({ hgvs, llr, percentile }) =>
      `<tr><td>${hgvs}</td><td>${formatScore(llr)}</td><td>${percentile?.toFixed(1) ?? ""}</td></tr>`,
  );
  return `<table><caption>${caption}</caption>${HEAD}<tbody>${rows.join("")}</tbody></table>`;
}
