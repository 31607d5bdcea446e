import { InputError, quoted } from "../../../contract/errors.js";
import type { EmbeddedVariant, GenomeVariant, SubstitutionType } from "../../../contract/genome.js";
import { CODON, reverseComplement } from "./dna.js";
import { typeOf } from "./genomeVariants.js";
import type { Spliced } from "./spliced.js";

/** A sequence with variants embedded. */
export interface EmbeddedSequence {
  readonly bases: string;
  /** In the order of the sequence. */
  readonly variants: readonly EmbeddedVariant[];
}

/** What a variant changes in joined regions: bases from a place (0-based) to another (exclusive). */
interface Edit {
  readonly variant: GenomeVariant;
  readonly type: SubstitutionType;
  readonly from: number;
  readonly to: number;
  readonly ref: string;
  readonly alt: string;
}

/**
 * Embeds variants, which do not overlap, in joined regions. Of a deletion or substitution that reaches out of a region, only
 * the part within is embedded. Variants outside of all regions are left out.
 *
 * @throws InputError `INVALID_GENOME_VARIANT` if reference bases differ from the genome, or an indel is only partly within
 */
export function embed(spliced: Spliced, variants: readonly GenomeVariant[]): EmbeddedSequence {
  const edits = variants.flatMap((variant) => editOf(spliced, variant) ?? []);
  // An insertion before a changed base comes first.
  edits.sort((a, b) => a.from - b.from || a.to - b.to);
  const embedded: EmbeddedVariant[] = [];
  let bases = "";
  let done = 0;
  for (const edit of edits) {
    bases += spliced.bases.slice(done, edit.from);
    embedded.push(embeddedAt(edit, bases.length));
    bases += edit.alt;
    done = edit.to;
  }
  return { bases: bases + spliced.bases.slice(done), variants: embedded };
}

function editOf(spliced: Spliced, variant: GenomeVariant): Edit | undefined {
  const type = typeOf(variant);
  const { genomic_start_pos: start, genomic_end_pos: end } = variant;
  const [ref, alt] = [variant.genomic_ref_seq, variant.genomic_alt_seq].map((text) =>
    spliced.strand === "+" ? text : reverseComplement(text),
  ) as [string, string];
  if (type === "insertion") {
    // Both bases beside it are within, so that nobody must guess whether it is spliced out.
    const [first, second] = [start, end].map((position) => spliced.placeOf(position));
    if (first === undefined || second === undefined) return undefined;
    const after = Math.max(first, second);
    return { variant, type, from: after, to: after, ref, alt };
  }
  const kept = within(spliced, start, end);
  const [first] = kept;
  if (first === undefined) return undefined;
  if (type === "indel" && kept.length < ref.length) {
    throw new InputError(
      "INVALID_GENOME_VARIANT",
      `Variant ${quoted(variant.variant_id)} replaces bases by another number of bases across the end of a region: which of the new ones are within is unknown.`,
    );
  }
  const inside = (text: string): string => kept.map(({ index }) => text.charAt(index)).join("");
  const edit = {
    variant,
    type,
    from: first.place,
    to: first.place + kept.length,
    ref: inside(ref),
    alt: type === "substitution" ? inside(alt) : alt,
  };
  const found = spliced.bases.slice(edit.from, edit.to);
  if (found.toUpperCase() === edit.ref.toUpperCase()) return edit;
  const at = Array.from(found).findIndex((base, index) => base.toUpperCase() !== edit.ref.charAt(index).toUpperCase());
  throw new InputError(
    "INVALID_GENOME_VARIANT",
    `Variant ${quoted(variant.variant_id)} has ${edit.ref.charAt(at).toUpperCase()} where the genome has ${found.charAt(at).toUpperCase()} ` +
      `(base ${at + 1} of the variant on the strand of the transcript); check its assembly and strand.`,
  );
}

/** The bases of a variant that are within regions, in the order of the transcript: place and index in the variant. */
function within(spliced: Spliced, start: number, end: number): { readonly place: number; readonly index: number }[] {
  const kept: { place: number; index: number }[] = [];
  let offset = 0;
  for (const part of spliced.parts) {
    const first = Math.max(start, part.start);
    const last = Math.min(end, part.end);
    for (let step = 0; step <= last - first; step++) {
      kept.push(
        spliced.strand === "+"
          ? { place: offset + first - part.start + step, index: first - start + step }
          : { place: offset + part.end - last + step, index: end - last + step },
      );
    }
    offset += part.bases.length;
  }
  return kept;
}

/** @param at number of bases before the variant */
function embeddedAt({ variant, type, ref, alt }: Edit, at: number): EmbeddedVariant {
  const [first, last] = {
    substitution: [at + 1, at + alt.length],
    insertion: [at + 1, at + alt.length],
    deletion: [at, at + 1],
    indel: [at + 1, at + Math.max(ref.length, alt.length)],
  }[type] as [number, number];
  return {
    variant_id: variant.variant_id,
    genomic_seq_id: variant.genomic_seq_id,
    genomic_start_pos: variant.genomic_start_pos,
    genomic_end_pos: variant.genomic_end_pos,
    seq_length: variant.genomic_end_pos - variant.genomic_start_pos + 1,
    genomic_ref_seq: variant.genomic_ref_seq,
    genomic_alt_seq: variant.genomic_alt_seq,
    seq_substitution_type: type,
    seq_start_pos: first,
    seq_end_pos: last,
    embedded_ref_seq_len: ref.length,
    embedded_alt_seq_len: alt.length,
  };
}

/** The variants within a sequence that ends after `length` bases; those that reach beyond end there. */
export function trimmed(variants: readonly EmbeddedVariant[], length: number): EmbeddedVariant[] {
  return variants
    .filter(({ seq_start_pos: start, seq_substitution_type: type }) =>
      type === "deletion" ? start < length : start <= length,
    )
    .map((variant) => (variant.seq_end_pos > length ? { ...variant, seq_end_pos: length } : variant));
}

/** A variant of a coding sequence, which begins with a complete codon, in its protein. */
export function inProtein(variant: EmbeddedVariant): EmbeddedVariant {
  const { seq_start_pos: start, seq_end_pos: end, embedded_ref_seq_len: ref, seq_substitution_type: type } = variant;
  // The position before a deletion is that of the residue which changed, or of the one before where whole codons are gone.
  const first = type === "deletion" ? start + 1 : start;
  const wholeCodons = type === "deletion" && ref >= CODON && ref % CODON === 0 && first % CODON === 1;
  return {
    ...variant,
    seq_start_pos: codons(first) - (wholeCodons ? 1 : 0),
    seq_end_pos: codons(end),
    embedded_ref_seq_len: codons(ref),
    embedded_alt_seq_len: codons(variant.embedded_alt_seq_len),
  };
}

function codons(bases: number): number {
  return Math.ceil(bases / CODON);
}
