import type { ResolvedProtein, SourceName } from "../../../contract/evidence.js";
import type { Rate } from "./rateLimit.js";
import type { SourceClient } from "./sourceClient.js";

/** The human species in NCBI's taxonomy. */
const HUMAN = "9606";

/** One thing that a source says, before it is compared with the submitted sequence. */
export interface SourceRow {
  /** First and last position in the source's numbering, 1-based; absent where the row is about the whole protein. */
  readonly start?: number;
  readonly end?: number;
  readonly variant?: string;
  readonly kind: string;
  readonly value: string;
  /** Page that shows the value. */
  readonly url: string;
  /** Date or version of this entry, where it is more exact than the source's. */
  readonly version?: string;
  /** Residues that the source has at the positions. Default: those of the source's own sequence. */
  readonly reference?: string;
  /**
   * Share of the residues that must be the same: less than all where a source lists constructs with mutations.
   *
   * @default 1
   */
  readonly matchingShare?: number;
  /** Accession of the isoform by which the source numbers this row, where that is not the sequence of its entry. */
  readonly numberedBy?: string;
}

/** What a source answered. */
export interface Found {
  /** Release of the source, or the version of its entry. */
  readonly version: string;
  readonly rows: readonly SourceRow[];
  /** The sequence that the source's positions refer to, where it has one. */
  readonly sequence?: string;
  /** What is missing, such as `the first 5000 of 20345 records`. */
  readonly note?: string;
  /** Whether a part could not be read: the answer is kept for a short time only. */
  readonly incomplete?: boolean;
}

/** Whether a protein can be asked for: the key under which the answer is kept, or why not. */
export type Askable = { readonly key: string } | { readonly reason: string };

/** A source of evidence. */
export interface Source {
  readonly name: SourceName;
  readonly title: string;
  readonly licence: string;
  /** Page with the licence or the terms of use. */
  readonly terms: string;
  /** Addresses that it is asked at; only these are ever called. */
  readonly hosts: readonly string[];
  readonly rate: Rate;
  /** The parameter of a request that takes the operator's key for NCBI, and the rate with a key. */
  readonly keyed?: { readonly parameter: string; readonly rate: Rate };
  /** How long an answer is kept, in seconds. */
  readonly ttlSeconds: number;
  /** Raise it when the rows change: answers that were kept before are not used any more. */
  readonly schemaVersion: number;
  /** @param sharesSequence whether the caller allows that the sequence itself is sent */
  askable(protein: ResolvedProtein, sharesSequence: boolean): Askable;
  /** @throws SourceError if the source does not answer, has no such entry, or answers in another form */
  load(protein: ResolvedProtein, client: SourceClient): Promise<Found>;
}

/** The reason for a protein whose accession is not known, for sources that need one. */
export const NO_ACCESSION = "it is asked by UniProt accession, and none is known for this protein";

/**
 * Whether a protein can be asked for by its gene, in searches that have the name in quotation marks.
 *
 * @param humanOnly what the source has of humans only; undefined for one with all organisms
 */
export function askableByGene({ gene, taxon }: ResolvedProtein, humanOnly?: string): Askable {
  if (gene === undefined) return { reason: "it is asked by gene, and none is known for this protein" };
  if (humanOnly !== undefined && taxon !== HUMAN) return { reason: `it has ${humanOnly} only` };
  // What a search would read as a part of the question is no name.
  if (!/^[\w.:()/-]{1,50}$/.test(gene)) return { reason: "the name of the gene cannot be searched for" };
  return { key: gene };
}

/** The accession of the entry that an isoform belongs to. */
export function entryAccession(accession: string): string {
  return accession.replace(/-\d+$/, "");
}
