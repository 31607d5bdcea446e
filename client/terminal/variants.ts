import type { VariantEffects } from "../../contract/result.js";
import { AMINO_ACIDS, hgvsLabel } from "../../contract/aminoAcids.js";
import { formatScore } from "../score.js";

/** A substitution and its score. */
export interface Ranked {
  /** `p.Lys10Ala` */
  readonly label: string;
  /** `K10A` */
  readonly short: string;
  readonly llr: number;
}

/**
 * The best and worst substitutions of a result, side by side.
 *
 * @param count number of best, and of worst, substitutions. Default 10.
 * @returns lines, without a final newline
 */
export function renderExtremes(result: VariantEffects, count = 10): string {
  const ranked = rankSubstitutions(result);
  const shown = Math.min(count, Math.floor(ranked.length / 2) || ranked.length);
  const best = ranked.slice(0, shown).map(formatRanked);
  const worst = ranked.slice(-shown).reverse().map(formatRanked);
  const lines = best.map((text, index) => `   ${text.padEnd(28)}${worst[index] ?? ""}`);
  return [`   ${"Best variants (llr)".padEnd(28)}Worst variants (llr)`, ...lines].join("\n");
}

/** All scored substitutions of a result, best first. */
export function rankSubstitutions(result: VariantEffects): Ranked[] {
  const ranked = result.heatmap.flatMap((row, rowIndex) =>
    row.flatMap((llr, column) => {
      const wildType = result.sequence.charAt(column);
      const mutant = AMINO_ACIDS.charAt(rowIndex);
      if (llr === null || wildType === mutant) return [];
      const position = column + 1 + result.numbering_offset;
      return [{ label: hgvsLabel(wildType, position, mutant), short: `${wildType}${position}${mutant}`, llr }];
    }),
  );
  return ranked.sort((a, b) => b.llr - a.llr);
}

function formatRanked({ label, llr }: Ranked): string {
  return `${label.padEnd(14)} ${formatScore(llr)}`;
}
