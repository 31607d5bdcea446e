import * as z from "zod";
import { SCORINGS } from "./jobs.js";

const llr = z.number().nullable();

/** One variant and its llr. */
export const scoredVariant = z.object({
  variant: z.string().describe("one-letter notation: K10A"),
  hgvs: z.string().describe("HGVS protein notation: p.Lys10Ala"),
  score: llr.describe("llr; null if a site was not scored"),
});
export type ScoredVariant = Readonly<z.infer<typeof scoredVariant>>;

/** One position: its wild type, the mean llr of its 19 substitutions, and the best of them. */
export const positionProfile = z.object({
  position: z.int(),
  wild_type: z.string(),
  mean: llr,
  best: z.string().nullable(),
  best_score: llr,
});
export type PositionProfile = Readonly<z.infer<typeof positionProfile>>;

/** Mean sensitivity of consecutive positions. */
export const profileSegment = z.object({ positions: z.string(), mean: llr });
export type ProfileSegment = Readonly<z.infer<typeof profileSegment>>;

/** A result in under 8 kB: best and worst variants, a sensitivity profile, and links to the whole matrix. */
export const summary = z.object({
  detail: z.literal("summary"),
  model: z.object({ id: z.string(), revision: z.string(), weights: z.enum(["pretrained", "synthetic"]) }),
  scoring: z.enum(SCORINGS),
  sequence_length: z.int(),
  scored_variants: z.int(),
  llr: z.object({ mean: z.number(), min: z.number(), max: z.number() }).nullable(),
  best: z.array(scoredVariant).readonly(),
  worst: z.array(scoredVariant).readonly(),
  profile: z.array(profileSegment).readonly().describe("the whole protein in at most 40 segments"),
  positions: z.array(positionProfile).readonly().describe("the requested positions, or else the most sensitive ones"),
  variants: z.array(scoredVariant).readonly().describe("the requested variants, or else those of the submission"),
  links: z.object({ s3_output_path: z.string(), download_url: z.string().exactOptional() }),
  notes: z
    .array(z.string())
    .readonly()
    .describe("what was left out to keep the summary small, or why the full result was not sent"),
});
export type Summary = Readonly<z.infer<typeof summary>>;
