import type { S3Location } from "./storage.js";

/** Groups of sources, which are the analyses of the HTTP API; `decision` is the join of what the others found. */
export const SOURCE_GROUPS = ["genomics", "proteomics", "literature", "drug"] as const;
export type SourceGroup = (typeof SOURCE_GROUPS)[number];

/** The sources, and the analysis that each is part of; see lambda/evidence/sources for how they are asked. */
export const SOURCES = {
  uniprot: "proteomics",
  variation: "genomics",
  clinvar: "genomics",
  alphafold: "proteomics",
  rcsb: "proteomics",
  pubmed: "literature",
  opentargets: "drug",
  trials: "drug",
} as const satisfies Readonly<Record<string, SourceGroup>>;

export type SourceName = keyof typeof SOURCES;

/** One thing that a source says about a protein. Nothing is combined into a score: each row keeps its provenance. */
export interface EvidenceRow {
  /** First and last position, 1-based; absent where the row is about the whole protein. */
  readonly start?: number;
  readonly end?: number;
  /** The variant in short form such as `K10A`, where the row is about one. */
  readonly variant?: string;
  /** What kind of row it is, such as `domain`, `natural variant`, `clinical classification` or `structure`. */
  readonly kind: string;
  /** What the source says, in its words. */
  readonly value: string;
  /** Name of the source in the table of sources. */
  readonly source: string;
  /** Release of the source, or the date of the entry. */
  readonly source_version: string;
  /** ISO 8601 */
  readonly retrieved_at: string;
  /** Page or request that shows the value. */
  readonly url: string;
  readonly licence: string;
}

/** A row that does not fit the submitted sequence, and why. */
export interface RefusedRow {
  readonly row: EvidenceRow;
  /** Such as `position 10 is L in the sequence, K in the source`. */
  readonly reason: string;
  /** What to add to the source's positions so that this row and its neighbours fit, where there is one such number. */
  readonly fitting_offset?: number;
}

/** What became of a source: it is data that a source was not available. */
export interface SourceAnswer {
  readonly source: string;
  readonly status: "ok" | "not found" | "unavailable" | "not asked";
  /** Why, for each status but `ok`, such as `429: too many requests`. */
  readonly reason?: string;
  /** What is missing although the source answered, such as `the first 5000 of 20345 records`. */
  readonly note?: string;
  readonly rows: readonly EvidenceRow[];
  readonly refused: readonly RefusedRow[];
}

/** What is known about the protein that the sources are asked for. */
export interface ResolvedProtein {
  /** Name that the caller gave, or the accession. */
  readonly name?: string;
  /** UniProt accession; without it only sources that take a sequence can be asked, and only if the caller allows it. */
  readonly accession?: string;
  readonly gene?: string;
  /** Such as `9606`. */
  readonly taxon?: string;
  /** Ensembl's id of the gene, by which Open Targets is asked. */
  readonly ensembl_gene?: string;
  readonly sequence: string;
  /** Release and version of the entry that the facts come from, such as `2026_03, entry version 301`. */
  readonly version?: string;
}

/** One position of the reference sequence in an alignment. */
export interface ConservationPosition {
  /** 1-based. */
  readonly position: number;
  readonly residue: string;
  /** 1-based column of the alignment. */
  readonly column: number;
  /** Jensen-Shannon divergence with sequence weights (Capra and Singh 2007), 0 to 1. */
  readonly conservation: number;
  /** Weighted fraction of gaps in the column, 0 to 1. */
  readonly gap_fraction: number;
  /** Number of sequences that have each residue; residues that none has are absent. */
  readonly residues: Readonly<Record<string, number>>;
  /** Log-odds of the 20 residues in the order `ACDEFGHIKLMNPQRSTVWY`, in bits. */
  readonly pssm: readonly number[];
}

/** What an alignment says about its reference sequence. */
export interface Conservation {
  readonly reference: string;
  readonly aligner: string;
  readonly sequences: number;
  /** Effective number of sequences. */
  readonly n_eff: number;
  /** Set below the stated number of effective sequences: `too few sequences`. */
  readonly note?: string;
  /** Spearman's rank correlation of llr and PSSM over the scored substitutions; absent until both are there. */
  readonly spearman_llr_pssm?: number;
  readonly positions: readonly ConservationPosition[];
  /** For each substitution that a homologue has, such as `K10A`: the names of those that have it. */
  readonly seen_in: Readonly<Record<string, readonly string[]>>;
}

/** A sequence or region that could not be used; the others go on. */
export interface FailedSequence {
  readonly unique_entry_id: string;
  readonly reason: string;
}

/** Task of the retrieval function: regions in S3 to protein sequences in S3. */
export interface RetrievalTask {
  readonly task: "retrieve";
  readonly regions: S3Location;
  /** Folder of the files that it writes: the reference's FASTA and seq-info files. */
  readonly output: S3Location;
}

/** Its answer. */
export interface RetrievalAnswer {
  /** FASTA file with every sequence that could be made. */
  readonly sequences: S3Location;
  readonly sequence_info: S3Location;
  /** A list of `ProteinVariants` (genome.ts): what can be scored of each entry with variants, and what not. */
  readonly variants: S3Location;
  readonly count: number;
  /** The first ones: the data of a state is limited. All of them are in the file of infos. */
  readonly failed: readonly FailedSequence[];
  /** How many failed. */
  readonly failed_count: number;
}

/** Task of the alignment function: protein sequences in S3 to an alignment and a {@link Conservation} in S3. */
export interface AlignmentTask {
  readonly task: "align";
  readonly sequences: S3Location;
  readonly sequence_info?: S3Location;
  /** Name of the sequence whose positions the conservation has. */
  readonly reference: string;
  readonly aligner?: "clustalo" | "mafft";
  readonly output: S3Location;
}

/** Its answer. */
export interface AlignmentAnswer {
  readonly alignment: S3Location;
  readonly aligned_sequence_info: S3Location;
  /** A {@link Conservation}. */
  readonly conservation: S3Location;
  readonly sequences: number;
  readonly n_eff: number;
  /** The first sequences that are not aligned: the data of a state is limited. */
  readonly failed: readonly FailedSequence[];
  /** How many are not aligned. */
  readonly failed_count: number;
}

/** Name of the error of a family that needs more than the function has. */
export const FAMILY_TOO_LARGE = "FamilyTooLarge";

/** Name of the file in which a job leaves its answer, or its error: AWS Batch gives neither to a state machine. */
export const ALIGNMENT_ENDED = "ended.json";

/** Task of the function of sources: an accession to a {@link ResolvedProtein} in S3. */
export interface ResolveTask {
  readonly task: "resolve";
  /** UniProt accession, such as `P05067`, or `P05067-4` of an isoform. */
  readonly accession: string;
  /** Name that the caller gave. */
  readonly name?: string;
  /** The caller's own sequence in S3 as plain text, where there is one: it is what the rows of sources are compared with. */
  readonly sequence?: S3Location;
  /** Where the {@link ResolvedProtein} is written, if there is one. */
  readonly output: S3Location;
}

/** Its answer, without the sequence: states are kept for 90 days. */
export interface ResolveAnswer {
  readonly status: "ok" | "not found" | "unavailable";
  /** Why, for each status but `ok`, such as `A4FU41 was merged into A6QL63`. */
  readonly reason?: string;
  /** Accessions that replace the one that was asked for. */
  readonly replaced_by?: readonly string[];
  readonly protein?: Omit<ResolvedProtein, "sequence"> & { readonly sequence_length: number };
}

/** Task of the function of sources: its answer is written to S3, because a state's payload is at most 256 KiB. */
export interface SourceTask {
  readonly task: "source";
  /** One of {@link SOURCES}. */
  readonly source: string;
  /** A {@link ResolvedProtein}. */
  readonly protein: S3Location;
  /** Whether the caller allows that the sequence itself is sent to third parties. */
  readonly share_sequence: boolean;
  /** Where the {@link SourceAnswer} is written. */
  readonly output: S3Location;
}

/** What the function of sources returns for a {@link SourceTask}: the {@link SourceAnswer} is in S3. */
export interface SourceSummary extends Pick<SourceAnswer, "source" | "status" | "reason" | "note"> {
  readonly rows: number;
  readonly refused: number;
  readonly output: S3Location;
}
