import { InputError } from "../../../contract/errors.js";
import type { GenomeVariant, ProteinVariants } from "../../../contract/genome.js";
import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import type { Coding } from "./coding.js";
import { CODON } from "./dna.js";
import { overlapping, typeOf } from "./genomeVariants.js";
import { alternativeCoding, proteinOf } from "./protein.js";

type ToScore = ProteinVariants["to_score"][number];
type NotScored = ProteinVariants["not_scored"][number];

/**
 * What variants of the genome do to a protein, each by itself: substitutions, which can be scored, and all others with the
 * reason why not.
 *
 * @param protein the reference
 */
export function proteinVariants(
  coding: Coding,
  protein: string,
  variants: readonly GenomeVariant[],
): Pick<ProteinVariants, "to_score" | "not_scored"> {
  const toScore: ToScore[] = [];
  const notScored: NotScored[] = [];
  for (const variant of variants) {
    const effect = effectOf(coding, protein, [variant]);
    if ("variant" in effect) toScore.push({ variant_ids: [variant.variant_id], variant: effect.variant });
    else notScored.push({ variant_id: variant.variant_id, reason: effect.reason });
  }
  const ids = new Set(toScore.flatMap(({ variant_ids }) => variant_ids));
  const all = variants.filter(({ variant_id: id }) => ids.has(id));
  if (all.length > 1 && overlapping(all) === undefined) {
    const together = effectOf(coding, protein, all);
    if ("variant" in together) toScore.push({ variant_ids: [...ids], variant: together.variant });
  }
  return { to_score: toScore, not_scored: notScored };
}

function effectOf(
  coding: Coding,
  protein: string,
  variants: readonly GenomeVariant[],
): { readonly variant: string } | { readonly reason: string } {
  try {
    const { sequence, embedded, ending } = alternativeCoding(coding, variants);
    if (embedded.length === 0) return { reason: "outside of the coding sequence" };
    const added = sum(embedded.map((one) => one.embedded_alt_seq_len - one.embedded_ref_seq_len));
    if (added % CODON !== 0) return { reason: "frameshift" };
    const alternative = proteinOf(sequence);
    if (ending === "beyond") return { reason: "stop loss: the protein is longer" };
    if (added === 0 && alternative.length < protein.length) {
      return { reason: `early stop at position ${alternative.length + 1}` };
    }
    if (alternative.length !== protein.length || variants.some((one) => typeOf(one) !== "substitution")) {
      return { reason: added < 0 ? "deletion" : added > 0 ? "insertion" : "indel" };
    }
    return substitutions(protein, alternative);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { reason: error.message };
  }
}

function substitutions(
  protein: string,
  alternative: string,
): { readonly variant: string } | { readonly reason: string } {
  const changed = Array.from(protein, (residue, index) => ({
    residue,
    index,
    mutant: alternative.charAt(index),
  })).filter(({ residue, mutant }) => residue !== mutant);
  if (changed.length === 0) return { reason: "synonymous: no residue changes" };
  if (changed.some(({ residue, mutant }) => !AMINO_ACIDS.includes(residue) || !AMINO_ACIDS.includes(mutant))) {
    return { reason: "the residue is unknown: its codon has ambiguous bases" };
  }
  return { variant: changed.map(({ residue, index, mutant }) => `${residue}${index + 1}${mutant}`).join(";") };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
