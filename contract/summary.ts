import type { Scoring } from "./jobs.js";

/** One variant and its llr; null if a site was not scored. */
export interface ScoredVariant {
  /** One-letter notation: `K10A`. */
  readonly variant: string;
  /** HGVS protein notation: `p.Lys10Ala`. */
  readonly hgvs: string;
  readonly score: number | null;
}

/** One position: its wild type, the mean llr of its 19 substitutions, and the best of them. */
export interface PositionProfile {
  readonly position: number;
  readonly wild_type: string;
  readonly mean: number | null;
  readonly best: string | null;
  readonly best_score: number | null;
}

/** Mean sensitivity of consecutive positions. */
export interface ProfileSegment {
  readonly positions: string;
  readonly mean: number | null;
}

/** A result in under 8 kB: best and worst variants, a sensitivity profile, and links to the whole matrix. */
export interface Summary {
  readonly detail: "summary";
  readonly model: { readonly id: string; readonly revision: string; readonly weights: "pretrained" | "synthetic" };
  readonly scoring: Scoring;
  readonly sequence_length: number;
  readonly scored_variants: number;
  readonly llr: { readonly mean: number; readonly min: number; readonly max: number } | null;
  readonly best: readonly ScoredVariant[];
  readonly worst: readonly ScoredVariant[];
  /** The whole protein in at most 40 segments. */
  readonly profile: readonly ProfileSegment[];
  /** The requested positions, or else the most sensitive ones. */
  readonly positions: readonly PositionProfile[];
  /** The requested variants, or else those of the submission. */
  readonly variants: readonly ScoredVariant[];
  readonly links: { readonly s3_output_path: string; readonly download_url?: string };
  /** What was left out to keep the summary small, or why the full result was not sent. */
  readonly notes: readonly string[];
}
