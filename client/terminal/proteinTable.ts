import { shortened } from "../../contract/errors.js";
import type { VariantEffects } from "../../contract/result.js";
import { formatVariant } from "../../contract/variants.js";
import { formatScore } from "../score.js";
import { ranked, scoresOf, type ScoredSubstitution } from "../substitutions.js";

/** A protein that was scored. */
export interface ScoredProtein {
  readonly name: string;
  readonly result: VariantEffects;
  /** Where its result was written. */
  readonly file: string;
}

/** Best, and worst, variants in the row of a protein. */
const SHOWN = 3;

const HEADER = ["protein", "length", "best three (llr)", "worst three (llr)", "file"] as const;

/** One row a protein: name, length, best and worst variants, file. Lines, without a final newline. */
export function renderProteins(proteins: readonly ScoredProtein[]): string {
  const rows = proteins.map(({ name, result, file }) => {
    const all = ranked(scoresOf(result));
    const worst = all.slice(-SHOWN).toReversed();
    return [shortened(name), `${result.sequence_length}`, listed(all.slice(0, SHOWN)), listed(worst), file];
  });
  const widths = HEADER.map((title, column) =>
    Math.max(...[HEADER, ...rows].map((row) => (row[column] ?? title).length)),
  );
  return [HEADER, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function listed(substitutions: readonly ScoredSubstitution[]): string {
  return substitutions.map((one) => `${formatVariant([one])} ${formatScore(one.llr)}`).join(", ");
}
