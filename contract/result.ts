import * as z from "zod";
import { AMINO_ACIDS } from "./aminoAcids.js";
import { SCORINGS } from "./jobs.js";

const cell = z.number().nullable();

/**
 * A result as the model container writes it. Columns are positions in order: `position = column + 1 + numbering_offset`.
 * Cells that were not scored are null. Fields of later versions are kept.
 */
export const variantEffects = z.looseObject({
  schema_version: z.string(),
  model: z.looseObject({
    id: z.string(),
    revision: z.string(),
    weights: z.enum(["pretrained", "synthetic"]),
  }),
  scoring: z.enum(SCORINGS),
  sequence: z.string(),
  sequence_length: z.int().positive(),
  numbering_offset: z.int().default(0),
  amino_acids: z.literal(AMINO_ACIDS),
  /** 20 rows x L columns of llr (natural logarithm): above 0, the mutant is more likely than the wild type. */
  heatmap: z.array(z.array(cell)).length(AMINO_ACIDS.length),
  /** Variants beyond the 1st and 99th percentile, best first: `p.Lys10Ala 2.1002`. */
  outliers: z.array(z.string()),
  /** The requested variants. */
  variants: z.array(z.looseObject({ variant: z.string(), hgvs: z.string(), score: cell })),
  /** Mean llr over the 19 substitutions of each position. */
  sensitivity: z.array(cell),
  /** Percentile of each non-synonymous cell within the protein, 0 to 100; same shape as the heatmap. */
  percentiles: z.array(z.array(cell)).length(AMINO_ACIDS.length).optional(),
  /** Entropy of the 20 residues at each position, in nats. */
  entropy: z.array(cell).optional(),
  /** The most likely residue at each position. */
  top_residue: z.array(z.string().nullable()).optional(),
  timing: z.looseObject({}),
});

export type VariantEffects = z.infer<typeof variantEffects>;
