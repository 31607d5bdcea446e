import { InputError, quoted } from "../../../contract/errors.js";
import type { GenomeVariant } from "../../../contract/genome.js";
import type { Genome, regionBudget } from "../genome/genome.js";
import { checkVariant, refuseOverlaps, typeOf, type NamedVariant } from "../sequence/genomeVariants.js";
import { isComplete, type RegionEntry } from "../sequence/regionEntry.js";
import type { Spliced } from "../sequence/spliced.js";

/** Counts the bytes that are read for an entry. */
type Budget = ReturnType<typeof regionBudget>;

/**
 * The variants of an entry with all their bases, each checked by itself.
 *
 * @throws InputError if one cannot be used, or the genome cannot be read
 */
export async function completeVariants(
  { seqId, variants }: RegionEntry,
  genome: Genome,
  budget: Budget,
): Promise<readonly GenomeVariant[]> {
  const complete: GenomeVariant[] = [];
  for (const variant of variants) {
    const one = await withReference(variant, seqId, genome, budget);
    checkVariant(one, seqId);
    complete.push(one);
  }
  return complete;
}

async function withReference(
  variant: GenomeVariant | NamedVariant,
  seqId: string,
  genome: Genome,
  budget: Budget,
): Promise<GenomeVariant> {
  if (isComplete(variant)) return variant;
  const { genomic_start_pos: start, genomic_end_pos: end } = variant;
  const [bases = ""] = await genome.read(seqId, [{ start, end }], budget);
  return { ...variant, genomic_ref_seq: bases.toUpperCase() };
}

/**
 * Variants that can be embedded in one sequence together.
 *
 * @throws InputError `INVALID_GENOME_VARIANT` if two overlap, or none is in an exon: the sequence would be the reference
 */
export function embeddable(variants: readonly GenomeVariant[], exons: Spliced): readonly GenomeVariant[] {
  refuseOverlaps(variants);
  if (variants.some((variant) => touches(variant, exons))) return variants;
  const names = variants.map(({ variant_id: id }) => quoted(id)).slice(0, 3);
  throw new InputError(
    "INVALID_GENOME_VARIANT",
    `Outside of every exon: ${names.join(", ")}${variants.length > 3 ? ", ..." : ""}.`,
  );
}

function touches(variant: GenomeVariant, exons: Spliced): boolean {
  const { genomic_start_pos: start, genomic_end_pos: end } = variant;
  // At the end of an exon, nobody knows whether an insertion is spliced out.
  if (typeOf(variant) === "insertion") return [start, end].every((base) => exons.placeOf(base) !== undefined);
  return exons.parts.some((part) => start <= part.end && end >= part.start);
}
