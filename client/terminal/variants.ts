import type { VariantEffects } from "../../contract/result.js";
import { formatScore } from "../score.js";
import { ranked, scoresOf, type ScoredSubstitution } from "../substitutions.js";

/**
 * The best and worst substitutions of a result, side by side.
 *
 * @param count number of best, and of worst, substitutions. Default 10.
 * @returns lines, without a final newline
 */
export function renderExtremes(result: VariantEffects, count = 10): string {
  const all = ranked(scoresOf(result));
  const shown = Math.min(count, Math.floor(all.length / 2) || all.length);
  const best = all.slice(0, shown).map(formatRanked);
  const worst = all.slice(-shown).reverse().map(formatRanked);
  const lines = best.map((text, index) => `   ${text.padEnd(28)}${worst[index] ?? ""}`);
  return [`   ${"Best variants (llr)".padEnd(28)}Worst variants (llr)`, ...lines].join("\n");
}

function formatRanked({ hgvs, llr }: ScoredSubstitution): string {
  return `${hgvs.padEnd(14)} ${formatScore(llr)}`;
}
