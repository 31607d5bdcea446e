import { InputError } from "../../../contract/errors.js";
import type { EmbeddedVariant, GenomeVariant, NotEmbeddedVariant } from "../../../contract/genome.js";
import type { Coding } from "./coding.js";
import { CODON, endOfStop, translate } from "./dna.js";
import { embed, inProtein, trimmed, type EmbeddedSequence } from "./embed.js";
import type { Spliced } from "./spliced.js";

/** A sequence that was made, and what became of the variants. */
export interface AlternativeSequence {
  readonly sequence: string;
  readonly embedded: readonly EmbeddedVariant[];
  readonly notEmbedded: readonly NotEmbeddedVariant[];
}

/** A coding sequence with variants, and whether it ends where the reference does. */
export interface AlternativeCoding extends AlternativeSequence {
  readonly ending: "in the coding regions" | "beyond";
}

/**
 * The protein of a coding sequence.
 *
 * @throws InputError `NO_PROTEIN` if it begins with a stop
 */
export function proteinOf(coding: string): string {
  const protein = translate(coding);
  if (protein === "") throw new InputError("NO_PROTEIN", "The coding sequence begins with a stop codon.");
  return protein;
}

/** A transcript with variants, which do not overlap. */
export function alternativeTranscript(exons: Spliced, variants: readonly GenomeVariant[]): AlternativeSequence {
  const { bases, variants: embedded } = embed(exons, variants);
  return { sequence: bases, embedded, notEmbedded: missing(variants, embedded, "it is outside of every exon") };
}

/**
 * A coding sequence with variants: to its first stop, which may come earlier, or beyond the coding regions where the stop is
 * lost. Without a stop in the reference, it ends where that does.
 *
 * @param coding the reference
 * @throws InputError `NO_PROTEIN` if the first codon changes, or no stop is left in the exons
 */
export function alternativeCoding(
  { spliced, following, hasStop }: Coding,
  variants: readonly GenomeVariant[],
): AlternativeCoding {
  const codingRegions = wholeCodons(embed(spliced, variants));
  if (firstCodon(codingRegions.bases) !== firstCodon(spliced.bases)) {
    throw new InputError(
      "NO_PROTEIN",
      `The first codon ${firstCodon(spliced.bases)} becomes ${firstCodon(codingRegions.bases) || "nothing"}: where translation starts is unknown.`,
    );
  }
  const within = endOfStop(codingRegions.bases);
  if (within !== undefined || !hasStop) {
    return ended(codingRegions, within ?? codingRegions.bases.length, variants, "in the coding regions");
  }
  const rest = wholeCodons(embed(spliced.followedBy(following), variants));
  const beyond = endOfStop(rest.bases);
  if (beyond === undefined) {
    throw new InputError("NO_PROTEIN", "The stop codon is lost, and the rest of the exons has no other one in frame.");
  }
  return ended(rest, beyond, variants, "beyond");
}

/**
 * A protein with variants, see {@link alternativeCoding}.
 *
 * @throws InputError as there, and if the protein is empty
 */
export function alternativeProtein(coding: Coding, variants: readonly GenomeVariant[]): AlternativeSequence {
  const { sequence, embedded, notEmbedded } = alternativeCoding(coding, variants);
  return { sequence: proteinOf(sequence), embedded: embedded.map(inProtein), notEmbedded };
}

function ended(
  { bases, variants: embedded }: EmbeddedSequence,
  end: number,
  variants: readonly GenomeVariant[],
  ending: AlternativeCoding["ending"],
): AlternativeCoding {
  const kept = trimmed(embedded, end);
  const all = missing(variants, embedded, "it is outside of the coding sequence");
  const cut = missing(embedded, kept, "it is after the stop codon");
  return { sequence: bases.slice(0, end), embedded: kept, notEmbedded: [...all, ...cut], ending };
}

function wholeCodons({ bases, variants }: EmbeddedSequence): EmbeddedSequence {
  const length = Math.floor(bases.length / CODON) * CODON;
  return { bases: bases.slice(0, length), variants: trimmed(variants, length) };
}

function missing(
  all: readonly { readonly variant_id: string }[],
  embedded: readonly { readonly variant_id: string }[],
  reason: string,
): NotEmbeddedVariant[] {
  const found = new Set(embedded.map(({ variant_id: id }) => id));
  return all.filter(({ variant_id: id }) => !found.has(id)).map(({ variant_id }) => ({ variant_id, reason }));
}

function firstCodon(bases: string): string {
  return bases.slice(0, CODON).toUpperCase();
}
