import type { FailedSequence } from "../../../contract/evidence.js";
import type { ProteinVariants, SequenceInfo, SequenceInfos } from "../../../contract/genome.js";
import { retrieve, type NamedSequence, type RetrievedEntry, type RetrieveOptions } from "./retrieve.js";

/** Writes one file of a folder. */
export type WriteFile = (name: string, text: string) => Promise<void>;

/** What was made of a file of regions. */
export interface Retrieved {
  /** In the order of the names of their files. */
  readonly sequences: readonly NamedSequence[];
  readonly infos: SequenceInfos;
  readonly variants: readonly ProteinVariants[];
  readonly failed: readonly FailedSequence[];
}

/**
 * Makes the sequences of a file of regions, and writes the files of each entry: `{unique_entry_id}-protein.fa` (or
 * `-transcript.fa`), if it has a sequence, and `{unique_entry_id}-seqinfo.json`.
 *
 * @throws InputError `INVALID_REGION` if the file has no list of entries
 */
export async function retrieveToFiles(file: unknown, options: RetrieveOptions, write: WriteFile): Promise<Retrieved> {
  const infos = new Map<string, SequenceInfo>();
  const written = new Map<string, RetrievedEntry>();
  const failed: FailedSequence[] = [];
  const nameOf = (id: string): string => `${id}-${options.type ?? "protein"}.fa`;
  for await (const entry of retrieve(file, options)) {
    failed.push(...entry.failed);
    // An entry whose id or name another one has does not replace it.
    for (const [name, info] of Object.entries(entry.info)) if (!infos.has(name)) infos.set(name, info);
    if (written.has(entry.id)) continue;
    written.set(entry.id, entry);
    if (entry.sequences.length > 0) await write(nameOf(entry.id), fastaOf(entry.sequences));
    await write(`${entry.id}-seqinfo.json`, JSON.stringify(entry.info));
  }
  // The order of bytes, as a C locale sorts.
  const sorted = [...written.values()].sort((a, b) => (nameOf(a.id) < nameOf(b.id) ? -1 : 1));
  return {
    sequences: sorted.flatMap(({ sequences }) => sequences),
    infos: Object.fromEntries(infos),
    variants: [...written.values()].flatMap(({ variants }) => variants ?? []),
    failed,
  };
}

/** Sequences as FASTA, each on one line. */
export function fastaOf(sequences: readonly NamedSequence[]): string {
  return sequences.map(({ name, sequence }) => `>${name}\n${sequence}\n`).join("");
}
