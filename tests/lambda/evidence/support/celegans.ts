import { readFileSync } from "node:fs";
import { reverseComplement } from "../../../../lambda/evidence/sequence/dna.js";
import { genomeFile, type GenomeFile, type Piece } from "./genomeFile.js";

/** A published transcript of C. elegans. Regions are in the order of the chromosome. */
export interface PublishedTranscript {
  readonly gene: string;
  readonly transcript: string;
  readonly seq_id: string;
  readonly strand: "+" | "-";
  readonly exons: readonly (readonly [number, number])[];
  readonly cds: readonly (readonly [number, number, 0 | 1 | 2])[];
  /** The joined exons, in the direction of the transcript. */
  readonly bases: string;
  readonly protein: string;
}

const { genes } = JSON.parse(readFileSync(new URL("celegans.json", import.meta.url), "utf8")) as {
  genes: readonly PublishedTranscript[];
};

export const TRANSCRIPTS = genes;

/** @param name of the gene or transcript, or the beginning of it */
export function transcript(name: string): PublishedTranscript {
  const found = genes.find((gene) => gene.gene.startsWith(name) || gene.transcript.startsWith(name));
  if (found === undefined) throw new RangeError(`There is no gene ${name}.`);
  return found;
}

/** Lengths of the chromosomes of WBcel235 that the genes are on. */
const CHROMOSOMES = { II: 15_279_421, X: 17_718_942 };

let made: GenomeFile | undefined;

/** Two chromosomes with the published bases in the exons; all other bases are made up. */
export function celegansGenome(): GenomeFile {
  return (made ??= genomeFile(CHROMOSOMES, genes.flatMap(piecesOf)));
}

function piecesOf({ seq_id: seqId, strand, exons, bases }: PublishedTranscript): Piece[] {
  const forward = strand === "+" ? bases : reverseComplement(bases);
  let at = 0;
  return exons.map(([start, end]) => {
    const piece = { seqId, start, bases: forward.slice(at, at + end - start + 1) };
    at += end - start + 1;
    return piece;
  });
}

/** An entry of a file of regions for a transcript, as the reference has it. */
export function entryOf(
  published: PublishedTranscript,
  url: string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    unique_entry_id: published.transcript,
    base_seq_name: published.transcript,
    seq_id: published.seq_id,
    seq_strand: published.strand,
    exon_seq_regions: published.exons.map(([start, end]) => ({ start, end })),
    cds_seq_regions: published.cds.map(([start, end, frame]) => ({ start, end, frame })),
    fasta_file_url: url,
    ...more,
  };
}

/** A variant of the genome as an entry has it. */
export function inline(variant_id: string, start: number, end: number, ref: string, alt: string, seq = "X"): object {
  return {
    variant_id,
    genomic_seq_id: seq,
    genomic_start_pos: start,
    genomic_end_pos: end,
    genomic_ref_seq: ref,
    genomic_alt_seq: alt,
  };
}
