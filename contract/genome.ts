/** What is in a file of regions, and what is made of it: the forms of the protein alignment pipeline PAVI. */

/** Most entries of a file of regions; those beyond fail. */
export const MAX_REGION_ENTRIES = 1_000;

/** Most exons, or coding regions, of an entry. */
export const MAX_EXONS = 1_000;

/** Most bases of the exons of an entry together. */
export const MAX_TRANSCRIPT_BASES = 1_000_000;

/** Most variants of an entry. */
export const MAX_ENTRY_VARIANTS = 1_000;

/** Most bytes that are read of a genome for one entry, without its indexes. */
export const MAX_REGION_BYTES = 5_000_000;

/** Part of a chromosome, 1-based and inclusive; on the reverse strand start and end may be exchanged. */
export interface GenomeRegion {
  readonly start: number;
  readonly end: number;
  /** Bases before the first complete codon: the phase of GFF. Of coding regions only. */
  readonly frame?: 0 | 1 | 2;
}

/** How a variant changes the genome. */
export type SubstitutionType = "substitution" | "insertion" | "deletion" | "indel";

/** A variant of the genome, on its forward strand. */
export interface GenomeVariant {
  readonly variant_id: string;
  readonly genomic_seq_id: string;
  /** 1-based and inclusive; an insertion has the two bases beside it. */
  readonly genomic_start_pos: number;
  readonly genomic_end_pos: number;
  /** Empty for an insertion. */
  readonly genomic_ref_seq: string;
  /** Empty for a deletion. */
  readonly genomic_alt_seq: string;
}

/**
 * A variant in a sequence. Positions are 1-based: those of the changed bases or residues. A deletion has the positions beside
 * it, an insertion those of what was inserted, an indel the longer of reference and alternative.
 */
export interface EmbeddedVariant extends GenomeVariant {
  /** `genomic_end_pos - genomic_start_pos + 1` */
  readonly seq_length: number;
  readonly seq_substitution_type: SubstitutionType;
  readonly seq_start_pos: number;
  readonly seq_end_pos: number;
  /** Bases within the sequence; in a protein a third of them, rounded up. */
  readonly embedded_ref_seq_len: number;
  readonly embedded_alt_seq_len: number;
  /** Columns of an alignment, 1-based; only after alignment. */
  readonly alignment_start_pos?: number;
  readonly alignment_end_pos?: number;
}

/** A variant that changes nothing in a sequence, and why. */
export interface NotEmbeddedVariant {
  readonly variant_id: string;
  readonly reason: string;
}

/** What is known about one sequence. */
export interface SequenceInfo {
  readonly embedded_variants?: readonly EmbeddedVariant[];
  /** Only where there are some. */
  readonly not_embedded_variants?: readonly NotEmbeddedVariant[];
  /** Why there is no sequence. */
  readonly error?: string;
}

/** The content of a seq-info file: by name of the sequence. */
export type SequenceInfos = Readonly<Record<string, SequenceInfo>>;

/** A protein with the variants that can be scored, and those that cannot. */
export interface ProteinVariants {
  readonly unique_entry_id: string;
  /** Name of the reference sequence. */
  readonly name: string;
  /** The reference protein. */
  readonly sequence: string;
  /**
   * Each substitution by itself, such as `K10A`; one variant can change several residues (`K10A;L12V`). With two or more that
   * are all substitutions, the last has all of them together.
   */
  readonly to_score: readonly { readonly variant_ids: readonly string[]; readonly variant: string }[];
  /** Insertions, deletions, frameshifts, changes of start and stop, and what changes no residue. */
  readonly not_scored: readonly { readonly variant_id: string; readonly reason: string }[];
}
