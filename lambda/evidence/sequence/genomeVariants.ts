import { InputError, quoted } from "../../../contract/errors.js";
import type { GenomeVariant, SubstitutionType } from "../../../contract/genome.js";

/** Most bases that a variant changes or inserts. */
const MAX_VARIANT_BASES = 100_000;

const BASES = /^[ACGTacgt]*$/;

/**
 * The genomic notation of HGVS for substitutions, deletions, insertions and both together.
 *
 * @see https://hgvs-nomenclature.org/stable/recommendations/DNA/
 */
const HGVS =
  /^(?<seq>[\w.-]{1,100}):g\.(?<start>[1-9]\d{0,9})(?:_(?<end>[1-9]\d{0,9}))?(?:(?<ref>[ACGT])>(?<alt>[ACGT])|(?<kind>delins(?=.)|del(?!ins)|ins)(?<bases>[ACGT]*))$/;

/** An accession of a sequence with its version, such as `NC_003284.9`. */
const ACCESSION = /^[A-Z]{1,4}_?\d{5,}\.\d+$/;

/** What kind of change a variant is. */
export function typeOf({ genomic_ref_seq: ref, genomic_alt_seq: alt }: GenomeVariant): SubstitutionType {
  if (ref === "") return "insertion";
  if (alt === "") return "deletion";
  return ref.length === alt.length ? "substitution" : "indel";
}

/**
 * Checks a variant by itself.
 *
 * @throws InputError `INVALID_GENOME_VARIANT` with what is wrong
 */
export function checkVariant(variant: GenomeVariant, seqId: string): void {
  const { genomic_seq_id: found, genomic_start_pos: start, genomic_end_pos: end } = variant;
  const { genomic_ref_seq: ref, genomic_alt_seq: alt } = variant;
  if (found !== seqId) throw fault(variant, `it is on ${quoted(found)}, the region on ${quoted(seqId)}`);
  if (start > end) throw fault(variant, `it starts at ${start}, after its end at ${end}`);
  if (ref === "" && alt === "")
    throw fault(variant, "it changes nothing: it has neither reference nor alternative bases");
  if (!BASES.test(ref) || !BASES.test(alt)) throw fault(variant, "it has other letters than A, C, G and T");
  if (Math.max(ref.length, alt.length) > MAX_VARIANT_BASES) {
    throw fault(variant, `it has more than ${MAX_VARIANT_BASES} bases`);
  }
  if (ref === "" && end !== start + 1) {
    throw fault(variant, `an insertion has the two positions beside it, not ${start} and ${end}`);
  }
  if (ref !== "" && ref.length !== end - start + 1) {
    throw fault(variant, `its ${ref.length} reference bases are not the ${end - start + 1} from ${start} to ${end}`);
  }
  if (ref.toUpperCase() === alt.toUpperCase()) throw fault(variant, "its alternative bases are those of the reference");
}

/** A variant that is named in HGVS notation; its reference bases may have to be read from the genome. */
export interface NamedVariant extends Omit<GenomeVariant, "genomic_ref_seq"> {
  readonly genomic_ref_seq?: string;
}

/**
 * Reads the name of a variant in genomic HGVS notation, such as `NC_003284.9:g.5114224C>T`.
 *
 * @param seqId name of the chromosome in the genome's file. A name that is no accession is taken to be the one in the id
 * @throws InputError `INVALID_GENOME_VARIANT` if it cannot be read, or is on another sequence
 */
export function readVariantId(id: string, seqId: string): NamedVariant {
  const groups = HGVS.exec(id)?.groups;
  if (groups === undefined) {
    throw new InputError(
      "INVALID_GENOME_VARIANT",
      `Variant ${quoted(id)} is no substitution, deletion, insertion or deletion with insertion in genomic HGVS notation such as NC_003284.9:g.5114224C>T; give its positions and bases in variants.`,
    );
  }
  const { seq = "", ref, alt, kind, bases = "" } = groups;
  const start = Number(groups["start"]);
  const end = Number(groups["end"] ?? start);
  const named = { variant_id: id, genomic_seq_id: seqId, genomic_start_pos: start, genomic_end_pos: end };
  if (seq !== seqId && ACCESSION.test(seqId)) throw fault(named, `it is on ${quoted(seq)}, the region on ${seqId}`);
  if (end < start) throw fault(named, `it starts at ${start}, after its end at ${end}`);
  if (ref !== undefined && alt !== undefined) return { ...named, genomic_ref_seq: ref, genomic_alt_seq: alt };
  if (kind === "ins") return { ...named, genomic_ref_seq: "", genomic_alt_seq: bases };
  if (end - start >= MAX_VARIANT_BASES) throw fault(named, `it has more than ${MAX_VARIANT_BASES} bases`);
  if (kind === "delins") return { ...named, genomic_alt_seq: bases };
  return { ...named, genomic_alt_seq: "", ...(bases !== "" && { genomic_ref_seq: bases }) };
}

/**
 * Checks that no two variants change the same bases. An insertion beside a changed base is no overlap.
 *
 * @throws InputError `INVALID_GENOME_VARIANT` that names the two
 */
export function refuseOverlaps(variants: readonly GenomeVariant[]): void {
  const [first, second] = overlapping(variants) ?? [];
  if (first === undefined || second === undefined) return;
  throw new InputError(
    "INVALID_GENOME_VARIANT",
    `Variants ${quoted(first.variant_id)} and ${quoted(second.variant_id)} overlap at ${second.genomic_start_pos}; ` +
      "embed them in sequences of their own.",
  );
}

/** Two variants that change the same bases; undefined if there are none. */
export function overlapping(variants: readonly GenomeVariant[]): readonly [GenomeVariant, GenomeVariant] | undefined {
  const sorted = [...variants].sort(
    (a, b) => a.genomic_start_pos - b.genomic_start_pos || a.genomic_end_pos - b.genomic_end_pos,
  );
  let last: GenomeVariant | undefined;
  for (const variant of sorted) {
    if (last !== undefined && overlap(last, variant)) return [last, variant];
    // The one that reaches farther may overlap the next too.
    if (last === undefined || reach(variant) >= reach(last)) last = variant;
  }
  return undefined;
}

function overlap(first: GenomeVariant, second: GenomeVariant): boolean {
  const [a, b] = [first, second].map((variant) => typeOf(variant) === "insertion");
  // Two insertions between the same bases have no order.
  if (a === true && b === true) return first.genomic_start_pos === second.genomic_start_pos;
  // An insertion is within a change only if both bases beside it are changed.
  const [from, to] = a === true ? [first, second] : [second, first];
  if (a === true || b === true) {
    return from.genomic_start_pos >= to.genomic_start_pos && from.genomic_end_pos <= to.genomic_end_pos;
  }
  return second.genomic_start_pos <= first.genomic_end_pos && first.genomic_start_pos <= second.genomic_end_pos;
}

function reach(variant: GenomeVariant): number {
  return typeOf(variant) === "insertion" ? variant.genomic_start_pos : variant.genomic_end_pos;
}

function fault({ variant_id }: Pick<GenomeVariant, "variant_id">, problem: string): InputError {
  return new InputError("INVALID_GENOME_VARIANT", `Variant ${quoted(variant_id)}: ${problem}.`);
}
