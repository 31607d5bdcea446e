import type { FailedSequence } from "../../../contract/evidence.js";
import { InputError } from "../../../contract/errors.js";
import { isHeader, splitFasta, type FastaText } from "../../../contract/fasta.js";
import { cleanSequence } from "../../../contract/sequence.js";

/** A sequence with its name in an alignment. */
export interface NamedSequence {
  readonly name: string;
  readonly sequence: string;
}

/** The sequences that are aligned, and those that cannot be. */
export interface Family {
  readonly sequences: readonly NamedSequence[];
  readonly failed: readonly FailedSequence[];
}

/** Sequences of FASTA text; a record with a fault does not stop the others. */
export function readFamily(text: string): Family {
  const sequences: NamedSequence[] = [];
  const failed: FailedSequence[] = [];
  for (const [index, record] of splitFasta(text).entries()) {
    const name = record.name ?? `sequence-${index + 1}`;
    try {
      sequences.push({ name, sequence: alignable(record) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failed.push({ unique_entry_id: name, reason: error.message });
    }
  }
  return { sequences, failed };
}

/** The residues of a record: aligners know those that the model does not, such as X and U. */
function alignable(record: FastaText): string {
  try {
    return cleanSequence(record.text).sequence;
  } catch (error) {
    const residues = residuesOf(record).toUpperCase().replace(/\*$/, "");
    const unknown = error instanceof InputError && error.code === "INVALID_RESIDUE";
    if (unknown && /^[A-Z]+$/.test(residues)) return residues;
    throw error;
  }
}

/** Sequences that retrieval made, as they are. */
export function readRetrieved(fasta: string): NamedSequence[] {
  return splitFasta(fasta).map((record) => ({ name: record.name ?? "", sequence: residuesOf(record) }));
}

/** What follows the header, without white space. */
function residuesOf({ text }: FastaText): string {
  const body = isHeader(text) ? text.slice(text.search(/[\r\n]|$/)) : text;
  return body.replaceAll(/\s/g, "");
}

/** The sequences with names that are different: a name that was there before gets a number. */
export function withDistinctNames(sequences: readonly NamedSequence[]): NamedSequence[] {
  const taken = new Set<string>();
  return sequences.map(({ name, sequence }) => {
    const word = name.split(/\s/)[0] ?? "";
    let free = word === "" ? "sequence" : word;
    for (let number = 2; taken.has(free); number++) free = `${word}_${number}`;
    taken.add(free);
    return { name: free, sequence };
  });
}

/** FASTA text, one line a sequence. */
export function fastaOf(sequences: readonly NamedSequence[]): string {
  return sequences.map(({ name, sequence }) => `>${name}\n${sequence}\n`).join("");
}
