import * as z from "zod";
import { InputError, quoted } from "../../../contract/errors.js";
import { MAX_ENTRY_VARIANTS, MAX_EXONS, MAX_TRANSCRIPT_BASES, type GenomeVariant } from "../../../contract/genome.js";
import type { CodingRegion } from "./coding.js";
import { checkVariant, readVariantId, type NamedVariant } from "./genomeVariants.js";
import type { Strand } from "./spliced.js";

const STRANDS: Readonly<Record<string, Strand>> = { "+": "+", "+1": "+", pos: "+", "-": "-", "-1": "-", neg: "-" };

const position = z.int().min(1).max(9_999_999_999);

const region = z.union(
  [
    z.strictObject({ start: position, end: position, frame: z.literal([0, 1, 2]).nullish() }),
    z
      .string()
      .regex(/^[1-9]\d{0,9}\.\.[1-9]\d{0,9}$/)
      .transform((text): CodingRegion => {
        const [start = 0, end = 0] = text.split("..").map(Number);
        return { start, end };
      }),
  ],
  { error: 'is neither {"start": 1, "end": 9} nor "1..9"' },
);

const bases = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

const inlineVariant = z.object({
  variant_id: z.string().min(1).max(1_000),
  genomic_seq_id: z.string().min(1).max(256),
  genomic_start_pos: position,
  genomic_end_pos: position,
  genomic_ref_seq: bases,
  genomic_alt_seq: bases,
}) satisfies z.ZodType<GenomeVariant>;

/** Names are parts of file names, and of FASTA headers and alignments, where white space ends them. */
const fileName = z
  .string()
  .regex(/^(?!\.)[\w.:+()@=-]{1,200}$/, { error: "has other characters than letters, digits and . _ : + ( ) @ = -" });
const sequenceName = z
  .string()
  .regex(/^[^\s>][^\s]{0,199}$/, { error: "has white space, begins with >, is empty, or is too long" });

const schema = z.strictObject({
  unique_entry_id: fileName,
  base_seq_name: sequenceName,
  seq_id: z.string().min(1).max(256),
  seq_strand: z.string().refine((text) => text in STRANDS, { error: "is neither + nor -" }),
  exon_seq_regions: z.array(region).min(1).max(MAX_EXONS),
  cds_seq_regions: z.array(region).max(MAX_EXONS).nullish(),
  fasta_file_url: z.string().min(1).max(2_000),
  variant_ids: z.array(z.string().min(1).max(1_000)).max(MAX_ENTRY_VARIANTS).nullish(),
  variants: z.array(inlineVariant).max(MAX_ENTRY_VARIANTS).nullish(),
  alt_seq_name_suffix: sequenceName.nullish(),
});

/** One entry of a file of regions, checked. Regions are in the order of the chromosome. */
export interface RegionEntry {
  readonly id: string;
  readonly seqId: string;
  readonly strand: Strand;
  readonly exons: readonly CodingRegion[];
  readonly coding: readonly CodingRegion[];
  readonly fastaUrl: string;
  /** Variants by their positions; reference bases that a name leaves out are read from the genome. */
  readonly variants: readonly (GenomeVariant | NamedVariant)[];
  readonly referenceName: string;
  /** Name of the sequence with variants; undefined without variants. */
  readonly alternativeName: string | undefined;
}

/** The id of an entry, as far as it has one that can be the name of a file. */
export function entryId(entry: unknown, index: number): string {
  const id =
    typeof entry === "object" && entry !== null ? (entry as { unique_entry_id?: unknown }).unique_entry_id : "";
  const name = typeof id === "string" ? id.slice(0, 200).replaceAll(/[^\w.:+()@=-]|^\./g, "_") : "";
  return name === "" ? `entry-${index + 1}` : name;
}

/**
 * Reads one entry.
 *
 * @throws InputError `INVALID_REGION` or `INVALID_GENOME_VARIANT` with what is wrong
 */
export function readEntry(entry: unknown): RegionEntry {
  const read = schema.safeParse(entry);
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join(".") ?? "";
    throw invalid(`${place === "" ? "The entry" : quoted(place)} ${issue?.message ?? "is invalid"}.`);
  }
  const { data } = read;
  const strand = STRANDS[data.seq_strand] ?? "+";
  const exons = ordered(data.exon_seq_regions.map(withoutFrame), strand, "exons");
  const length = exons.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  if (length > MAX_TRANSCRIPT_BASES) {
    throw invalid(`The exons have ${length} bases, the maximum is ${MAX_TRANSCRIPT_BASES}.`);
  }
  const variants = distinct([
    ...(data.variants ?? []),
    ...(data.variant_ids ?? []).map((id) => readVariantId(id, data.seq_id)),
  ]);
  for (const variant of variants) if (isComplete(variant)) checkVariant(variant, data.seq_id);
  const suffix = data.alt_seq_name_suffix ?? "_alt";
  return {
    id: data.unique_entry_id,
    seqId: data.seq_id,
    strand,
    exons,
    coding: ordered((data.cds_seq_regions ?? []).map(withFrame), strand, "coding regions"),
    fastaUrl: data.fasta_file_url,
    variants,
    referenceName: variants.length > 0 ? `${data.base_seq_name}_ref` : data.base_seq_name,
    alternativeName: variants.length > 0 ? `${data.base_seq_name}${suffix}` : undefined,
  };
}

/** Whether the reference bases of a variant are known. */
export function isComplete(variant: GenomeVariant | NamedVariant): variant is GenomeVariant {
  return variant.genomic_ref_seq !== undefined;
}

function withoutFrame({ start, end }: Pick<CodingRegion, "start" | "end">): CodingRegion {
  return { start, end };
}

function withFrame({
  start,
  end,
  frame,
}: {
  start: number;
  end: number;
  frame?: number | null | undefined;
}): CodingRegion {
  return { start, end, ...(frame != null && { frame }) };
}

/** Variants without repetitions; the same name for different variants is refused. */
function distinct<Variant extends GenomeVariant | NamedVariant>(variants: readonly Variant[]): Variant[] {
  const found = new Map<string, Variant>();
  for (const variant of variants) {
    const before = found.get(variant.variant_id);
    if (before !== undefined && changeOf(before) !== changeOf(variant)) {
      throw new InputError(
        "INVALID_GENOME_VARIANT",
        `Two different variants have the id ${quoted(variant.variant_id)}.`,
      );
    }
    found.set(variant.variant_id, before ?? variant);
  }
  return [...found.values()];
}

function changeOf(variant: GenomeVariant | NamedVariant): string {
  return [variant.genomic_start_pos, variant.genomic_end_pos, variant.genomic_alt_seq.toUpperCase()].join(" ");
}

/** Regions in the order of the chromosome, whether they were given in that of the chromosome or of the transcript. */
function ordered(regions: readonly CodingRegion[], strand: Strand, what: string): CodingRegion[] {
  const forward = regions.map((one) => {
    if (one.start <= one.end) return one;
    if (strand === "-") return { ...one, start: one.end, end: one.start };
    throw invalid(`The region ${one.start}..${one.end} ends before it starts.`);
  });
  const descends = forward.length > 1 && (forward[0]?.start ?? 0) > (forward.at(-1)?.start ?? 0);
  const sorted = descends ? [...forward].reverse() : forward;
  for (const [index, { start, end }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before.end < start) continue;
    const both = `${before.start}..${before.end} and ${start}..${end}`;
    const overlap = end >= before.start;
    throw invalid(overlap ? `The ${what} ${both} overlap.` : `The ${what} are out of order: ${both}.`);
  }
  return sorted;
}

function invalid(message: string): InputError {
  return new InputError("INVALID_REGION", message);
}
