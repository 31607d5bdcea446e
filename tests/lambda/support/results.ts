import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import type { VariantEffects } from "../../../contract/result.js";
import { effectsOf } from "../../support/effects.js";

/** A protein of a given length; always the same for the same length. */
export function proteinOf(length: number): string {
  return Array.from({ length }, (_, index) => AMINO_ACIDS[(index * 7 + (index % 3)) % AMINO_ACIDS.length]).join("");
}

/** A result whose cells all have different scores, between -8 and 2 with six decimals. */
export function variedEffects(length: number, changes: Partial<VariantEffects> = {}): VariantEffects {
  const sequence = proteinOf(length);
  const heatmap = Array.from(AMINO_ACIDS, (mutant, row) =>
    Array.from(sequence, (wildType, column) =>
      mutant === wildType ? 0 : Math.round((2 - ((row * 7919 + column * 104_729) % 999_983) / 99_998.3) * 1e6) / 1e6,
    ),
  );
  const sensitivity = Array.from(sequence, (_, column) => {
    const column20 = heatmap.map((row) => row[column] ?? 0);
    return column20.reduce((sum, score) => sum + score, 0) / 19;
  });
  return { ...effectsOf(sequence), heatmap, sensitivity, ...changes };
}
