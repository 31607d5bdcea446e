import { createHash } from "node:crypto";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";

/** The scores that the stand-in of the model gives to a protein: they differ for each protein, and need no model. */
export function scoresOf(sequence: string): number[][] {
  const digest = createHash("sha256").update(sequence).digest();
  return Array.from(AMINO_ACIDS, (mutant, row) =>
    Array.from(sequence, (wildType, column) => {
      if (mutant === wildType) return 0;
      return ((digest[(row * 7 + column) % digest.length] ?? 0) + row - column - 180) / 32;
    }),
  );
}

/** The result of the stand-in, in the form of the model container. */
export function resultOf(sequence: string): VariantEffects {
  const heatmap = scoresOf(sequence);
  const sums = Array.from(sequence, (_, column) => heatmap.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return {
    schema_version: "1.0",
    model: { id: "stand-in", revision: "main", weights: "synthetic" },
    scoring: "masked-marginals",
    sequence,
    sequence_length: sequence.length,
    numbering_offset: 0,
    amino_acids: AMINO_ACIDS,
    heatmap,
    outliers: [],
    variants: [],
    sensitivity: sums.map((sum) => sum / (AMINO_ACIDS.length - 1)),
    timing: {},
  };
}
