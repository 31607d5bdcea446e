import type { EvidenceRow, FailedSequence, RefusedRow } from "./evidence.js";

/** What every answer, table and page of evidence says first. */
export const RESEARCH_USE_ONLY =
  "Research use only: no diagnosis, no classification of variants, no advice on treatment. Each value is what its source says.";

/** What became of one part of a workflow, in a few words. */
export interface PartStatus {
  readonly status: "ok" | "not asked" | "not found" | "unavailable" | "failed";
  /** Why, for each status but `ok`. */
  readonly reason?: string;
}

/** A source, and how many rows it gave. */
export interface SourceStatus extends PartStatus {
  readonly source: string;
  /** What is missing although the source answered. */
  readonly note?: string;
  readonly rows: number;
  readonly refused: number;
}

/** A variant that the model does not score, and why. */
export interface NotScored {
  readonly variant: string;
  readonly reason: string;
}

/**
 * What is known about a protein: one list of rows by position and variant, each with its provenance. Own values (llr,
 * conservation, PSSM) are rows as those of sources are; nothing is combined.
 */
export interface EvidenceTable {
  readonly schema_version: "1";
  readonly notice: string;
  readonly workflow_id: string;
  readonly created_at: string;
  readonly protein: {
    readonly name: string;
    readonly accession?: string;
    readonly gene?: string;
    readonly taxon?: string;
    readonly sequence: string;
  };
  readonly scores: PartStatus & {
    readonly job_id?: string;
    /** S3 address of the whole matrix. */
    readonly s3_output_path?: string;
    readonly weights?: "pretrained" | "synthetic";
  };
  readonly alignment: PartStatus & {
    readonly aligner?: string;
    readonly sequences?: number;
    readonly n_eff?: number;
    readonly note?: string;
    readonly spearman_llr_pssm?: number;
    /** S3 addresses of the alignment, and of positions in it. */
    readonly s3_alignment_path?: string;
    readonly s3_sequence_info_path?: string;
  };
  readonly retrieval: PartStatus & { readonly sequences?: number; readonly failed?: readonly FailedSequence[] };
  /** What became of the accession, if nothing is known of it. */
  readonly resolution?: PartStatus;
  readonly sources: readonly SourceStatus[];
  /** Sorted by position, then variant, kind and source; rows about the whole protein first. */
  readonly rows: readonly EvidenceRow[];
  /** Rows that do not fit the sequence. */
  readonly refused: readonly RefusedRow[];
  readonly not_scored: readonly NotScored[];
}

/** Kinds of the rows that this service adds itself. */
export const OWN_KINDS = {
  llr: "llr",
  conservation: "conservation",
  gaps: "gap fraction",
  residues: "residues in the alignment",
  pssm: "PSSM log-odds",
  seenIn: "seen in homologue",
  genome: "variant of the genome",
} as const;
