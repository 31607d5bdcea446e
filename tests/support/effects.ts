import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";

/**
 * A result for a protein, as the container writes it: -1 in every cell but the wild type's.
 *
 * @param rows cells of some amino acids' rows, in their stead
 */
export function effectsOf(sequence: string, rows: Record<string, (number | null)[]> = {}): VariantEffects {
  const residues = Array.from(sequence);
  return {
    schema_version: "1.0",
    model: { id: "chandar-lab/AMPLIFY_120M", revision: "main", weights: "synthetic" },
    scoring: "masked-marginals",
    sequence,
    sequence_length: residues.length,
    numbering_offset: 0,
    amino_acids: AMINO_ACIDS,
    heatmap: Array.from(
      AMINO_ACIDS,
      (mutant) => rows[mutant] ?? residues.map((wildType) => (wildType === mutant ? 0 : -1)),
    ),
    outliers: [],
    variants: [],
    sensitivity: residues.map(() => -1),
    timing: {},
  };
}
