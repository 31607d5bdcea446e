import type { Scoring } from "./jobs.js";

/** One variant and its llr. */
export interface ScoredVariant {
  /** One-letter notation: `K10A`. */
  readonly variant: string;
  /** HGVS protein notation: `p.Lys10Ala`. */
  readonly hgvs: string;
  readonly score: number | null;
}

/** What stands at one position: wild type, mean llr of its 19 substitutions, and the best of them. */
export interface PositionProfile {
  readonly position: number;
  readonly wild_type: string;
  readonly mean: number | null;
  readonly best: string | null;
  readonly best_score: number | null;
}

/** Mean sensitivity of a stretch of positions. */
export interface ProfileSegment {
  readonly positions: string;
  readonly mean: number | null;
}

/** A result in under 8 kB: what to try, what to avoid, where the protein is sensitive, and where the whole matrix lies. */
export interface Summary {
  readonly detail: "summary";
  readonly model: { readonly id: string; readonly revision: string; readonly weights: "pretrained" | "synthetic" };
  readonly scoring: Scoring;
  readonly sequence_length: number;
  readonly scored_variants: number;
  readonly llr: { readonly mean: number; readonly min: number; readonly max: number } | null;
  readonly best: readonly ScoredVariant[];
  readonly worst: readonly ScoredVariant[];
  /** The whole protein in at most 40 stretches. */
  readonly profile: readonly ProfileSegment[];
  /** The positions asked for, else the most sensitive ones. */
  readonly positions: readonly PositionProfile[];
  /** The variants asked for, here or on submission. */
  readonly variants: readonly ScoredVariant[];
  readonly links: { readonly s3_output_path: string; readonly download_url?: string };
  /** What was left out to keep the summary small, or why it is not the full answer. */
  readonly notes: readonly string[];
}
