import { Genomes } from "../../../../lambda/evidence/genome/genome.js";
import { retrieve, type RetrievedEntry } from "../../../../lambda/evidence/retrieval/retrieve.js";
import { genomeFile } from "./genomeFile.js";
import { collected, type MemoryFiles } from "./memoryFiles.js";

export const FASTA = "s3://genomes/small.fa.gz";

/** ATGGCCAAA, and GCTTGGTAACCCTGA: the protein MAKAW, and what follows its stop. */
export const smallGenome = genomeFile({ chr1: 200_000 }, [
  { seqId: "chr1", start: 101, bases: "ATGGCCAAA" },
  { seqId: "chr1", start: 120, bases: "GCTTGGTAACCCTGA" },
]);

/** An entry of the small genome, whose protein is MAKAW. */
export function smallEntry(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    unique_entry_id: "one",
    base_seq_name: "one",
    seq_id: "chr1",
    seq_strand: "+",
    exon_seq_regions: ["101..109", "120..134"],
    cds_seq_regions: [
      { start: 101, end: 109, frame: 0 },
      { start: 120, end: 128, frame: 0 },
    ],
    fasta_file_url: FASTA,
    ...more,
  };
}

/** What is made of entries. */
export async function madeOf(files: MemoryFiles, ...entries: unknown[]): Promise<RetrievedEntry[]> {
  return collected(retrieve(entries, { genomes: new Genomes(files.open) }));
}
