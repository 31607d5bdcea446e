import { InputError, quoted } from "../../../contract/errors.js";
import type { Conservation, FailedSequence } from "../../../contract/evidence.js";
import { splitFasta } from "../../../contract/fasta.js";
import type { SequenceInfos } from "../../../contract/genome.js";
import { align, type Aligner, type Sequence } from "./aligner.js";
import { alignedInfos } from "./columns.js";
import { conservationOf } from "./conservation.js";

/** Most sequences of an alignment, and most residues of one. */
export const MAX_ALIGNED = 2_000;
const MAX_RESIDUES = 40_000;

/** Names of the files of an alignment: those of the reference system, and the conservation. */
export const ALIGNMENT_FILES = {
  alignment: "alignment-output.aln",
  infos: "aligned_seq_info.json",
  conservation: "conservation.json",
} as const;

export interface AlignOptions {
  readonly aligner: Aligner;
  /** Name of the sequence whose positions the conservation has. */
  readonly reference: string;
  /** What is known about the sequences; those with variants are aligned, but are no homologues. */
  readonly infos: SequenceInfos;
  /** Longest time of the aligner, in milliseconds. */
  readonly timeoutMs: number;
}

/** An alignment with what follows from it. */
export interface Aligned {
  readonly text: string;
  readonly infos: SequenceInfos;
  readonly conservation: Conservation;
}

/**
 * Aligns sequences, places their variants in the alignment, and measures the conservation of the reference.
 *
 * @throws InputError `ALIGNMENT_FAILED`; ToolError `ALIGNER_MISSING`
 */
export async function alignSequences(sequences: readonly Sequence[], options: AlignOptions): Promise<Aligned> {
  const { aligner, reference, infos, timeoutMs } = options;
  if (sequences.length > 0 && !sequences.some(({ name }) => name === reference)) {
    throw new InputError(
      "ALIGNMENT_FAILED",
      `There is no sequence ${quoted(reference)}, which is to be the reference.`,
    );
  }
  const { text, rows, aligner: used } = await align(sequences, aligner, timeoutMs);
  const homologues = rows.filter(({ name }) => name === reference || !hasVariants(infos, name));
  return { text, infos: alignedInfos(infos, rows), conservation: conservationOf(homologues, reference, used) };
}

function hasVariants(infos: SequenceInfos, name: string): boolean {
  return Object.hasOwn(infos, name) && infos[name]?.embedded_variants !== undefined;
}

/** Reads the sequences of a FASTA file; what cannot be aligned fails with its reason. */
export function readSequences(fasta: string): {
  readonly sequences: readonly Sequence[];
  readonly failed: readonly FailedSequence[];
} {
  const sequences = new Map<string, Sequence>();
  const failed: FailedSequence[] = [];
  for (const [index, { name = "", text }] of splitFasta(fasta).entries()) {
    const sequence = text.slice(text.search(/[\r\n]|$/)).replaceAll(/\s/g, "");
    const reason = faultOf(name, sequence, sequences);
    if (reason === undefined) sequences.set(name, { name, sequence });
    else failed.push({ unique_entry_id: name === "" ? `record ${index + 1}` : name, reason });
  }
  return { sequences: [...sequences.values()], failed };
}

function faultOf(name: string, sequence: string, known: ReadonlyMap<string, Sequence>): string | undefined {
  if (name === "") return "The record has no name.";
  if (known.has(name)) return "Another sequence has the same name.";
  if (known.size === MAX_ALIGNED) return `There are more than ${MAX_ALIGNED} sequences.`;
  if (sequence === "") return "The sequence is empty.";
  if (sequence.length > MAX_RESIDUES) return `The sequence has more than ${MAX_RESIDUES} residues.`;
  if (/[^A-Za-z]/.test(sequence.replace(/\*$/, ""))) return "The sequence has other characters than letters.";
  return undefined;
}
