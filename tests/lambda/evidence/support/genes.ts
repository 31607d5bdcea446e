import fc from "fast-check";
import type { GenomeVariant } from "../../../../contract/genome.js";
import { bases, naiveResidue, reversed } from "./naive.js";

type Region = Readonly<Record<"start" | "end", number>>;

/** A gene whose coding regions are part of its exons, and variants anywhere, which do not overlap. */
export interface Gene {
  readonly chromosome: string;
  readonly strand: "+" | "-";
  /** 1-based and inclusive, in the order of the chromosome. */
  readonly exons: readonly Region[];
  readonly coding: readonly Region[];
  /** Bases of the coding regions before the first codon. */
  readonly frame: number;
  readonly variants: readonly GenomeVariant[];
}

/** What becomes of a gene: its protein without and with the variants. */
export interface NaiveProteins {
  readonly reference: string;
  /** Undefined where it is refused. */
  readonly alternative: string | undefined;
  /** Whether the stop is beyond the coding regions. */
  readonly beyond: boolean;
}

interface Change {
  readonly at: number;
  readonly length: number;
  readonly bases: string;
}

const CODONS = ["GCT", "AAA", "TTG", "CAC", "ATG", "TGG", "GAT", "CTC", "AGA", "TAC", "TAT", "TGT", "TCA"];

/** Genes with exons of one base and more, introns of none and more, and coding regions that begin in any exon. */
export const genes: fc.Arbitrary<Gene> = fc
  .record({
    strand: fc.constantFrom("+", "-"),
    before: bases(0, 7),
    start: fc.constantFrom("ATG", "ATG", "ATG", "GCT"),
    codons: fc.array(fc.constantFrom(...CODONS), { minLength: 1, maxLength: 8 }),
    stop: fc.constantFrom("TAA", "TAG", "TGA", ""),
    more: bases(0, 2),
    after: bases(0, 14),
    // Whether the coding regions end before the stop, as in GTF files.
    withoutStop: fc.boolean(),
    frame: fc.integer({ min: 0, max: 2 }),
    cuts: fc.array(fc.nat(60), { maxLength: 6 }),
    introns: fc.array(bases(0, 6), { minLength: 7, maxLength: 7 }),
    gap: fc.option(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 4 })), { freq: 4 }),
    changes: fc.array(fc.record({ at: fc.nat(120), length: fc.nat(9), bases: bases(0, 6) }), { maxLength: 4 }),
  })
  .map((parts) => {
    const { strand, before, start, codons, stop, more, after, withoutStop, frame, cuts, introns, gap } = parts;
    const lead = frame === 0 ? "" : "AC".slice(0, frame);
    const read = `${lead}${start}${codons.join("")}${withoutStop ? "" : stop}`;
    const transcript = `${before}${read}${withoutStop ? stop : more}${after}`;
    const codingEnd = before.length + read.length + (withoutStop ? 0 : more.length);
    // Where the bases of the transcript are on the chromosome, read in the direction of the transcript.
    const places: number[] = [];
    const ends = new Set(cuts.filter((cut) => cut > 0 && cut < transcript.length));
    let forward = "CA";
    for (const [index, base] of Array.from(transcript).entries()) {
      if (ends.has(index)) forward += introns[[...ends].indexOf(index)] ?? "";
      forward += base;
      places.push(forward.length);
    }
    forward += "GT";
    const left = (index: number): boolean =>
      gap !== null && index >= before.length + gap[0] && index < before.length + gap[0] + gap[1];
    const inCoding = places.filter((_, index) => index >= before.length && index < codingEnd && !left(index));
    const onStrand = (place: number): number => (strand === "+" ? place : forward.length + 1 - place);
    const chromosome = strand === "+" ? forward : reversed(forward);
    const exonBases = places.map(onStrand);
    const breaks = [...ends].map((index) => places[index] ?? 0).map(onStrand);
    return {
      chromosome,
      strand,
      exons: regionsOf(exonBases, strand, breaks),
      coding: regionsOf(inCoding.map(onStrand), strand, breaks),
      frame,
      variants: apart(chromosome, parts.changes),
    };
  });

/** Joins positions to regions, in the order of the chromosome. @param breaks positions with which a region begins anew */
function regionsOf(positions: readonly number[], strand: Gene["strand"], breaks: readonly number[]): Region[] {
  const regions: { start: number; end: number }[] = [];
  for (const position of positions) {
    const last = regions.at(-1);
    const next = strand === "+" ? last?.end === position - 1 : last?.start === position + 1;
    if (last === undefined || !next || breaks.includes(position)) regions.push({ start: position, end: position });
    else if (strand === "+") last.end = position;
    else last.start = position;
  }
  return strand === "+" ? regions : regions.reverse();
}

/** Changes as variants, without those that overlap one before. */
function apart(chromosome: string, changes: readonly Change[]): GenomeVariant[] {
  const variants: GenomeVariant[] = [];
  for (const one of changes.flatMap((change, index) => variantOf(chromosome, change, index) ?? [])) {
    if (variants.every((other) => !naiveOverlap(one, other))) variants.push(one);
  }
  return variants;
}

/** A change as a variant, wherever on the chromosome it is; undefined if it changes nothing. */
export function variantOf(
  chromosome: string,
  { at, length, bases: alt }: Change,
  id: number,
): GenomeVariant | undefined {
  const start = 1 + (at % (chromosome.length - 1));
  const end = length === 0 ? start + 1 : Math.min(start + length - 1, chromosome.length);
  const ref = length === 0 ? "" : chromosome.slice(start - 1, end);
  if (ref === alt) return undefined;
  return {
    variant_id: `v${id}`,
    genomic_seq_id: "chr",
    genomic_start_pos: start,
    genomic_end_pos: end,
    genomic_ref_seq: ref,
    genomic_alt_seq: alt,
  };
}

/** What a variant changes: bases, as whole numbers, and what is between two of them, as halves. */
function touched({ genomic_start_pos: start, genomic_end_pos: end, genomic_ref_seq: ref }: GenomeVariant): number[] {
  if (ref === "") return [start + 0.5];
  return Array.from({ length: 2 * (end - start) + 1 }, (_, step) => start + step / 2);
}

/** Whether two variants change the same bases, or insert at the same place. */
export function naiveOverlap(a: GenomeVariant, b: GenomeVariant): boolean {
  const of = new Set(touched(a));
  return touched(b).some((place) => of.has(place));
}

/** The proteins of a gene, one base after the other. Nothing of how it is really done is used. */
export function naiveProteins({ chromosome, strand, exons, coding, frame, variants }: Gene): NaiveProteins | undefined {
  const along = (regions: readonly Region[]): number[] => {
    const all = regions.flatMap(({ start, end }) => Array.from({ length: end - start + 1 }, (_, step) => start + step));
    return strand === "+" ? all : all.reverse();
  };
  const transcript = along(exons);
  const read = along(coding);
  const whole = frame + Math.floor((read.length - frame) / 3) * 3;
  if (read.length < frame + 3) return undefined;
  let codons = read.slice(frame, whole);
  let behind = [...read.slice(whole), ...transcript.slice(transcript.indexOf(read.at(-1) ?? 0) + 1)];
  const text = (positions: readonly number[], changes: readonly GenomeVariant[]): string | undefined =>
    changedText(chromosome, strand, positions, changes);
  if (stopOf(text(codons, [])) === undefined && naiveResidue(text(behind.slice(0, 3), []) ?? "") === "*") {
    codons = [...codons, ...behind.slice(0, 3)];
    behind = behind.slice(3);
  }
  const reference = text(codons, []) ?? "";
  const protein = translated(reference);
  if (protein === "") return undefined;
  const refused = { reference: protein, alternative: undefined, beyond: false };
  const near = text(codons, variants);
  if (near === undefined || near.slice(0, 3) !== reference.slice(0, 3)) return refused;
  if (stopOf(near) !== undefined || stopOf(reference) === undefined) {
    return { reference: protein, alternative: translated(near), beyond: false };
  }
  const far = text([...codons, ...behind], variants);
  if (stopOf(far) === undefined) return refused;
  return { reference: protein, alternative: translated(far ?? ""), beyond: true };
}

/** The bases at some positions, with variants; undefined if an indel is only partly there. */
function changedText(
  chromosome: string,
  strand: Gene["strand"],
  positions: readonly number[],
  variants: readonly GenomeVariant[],
): string | undefined {
  const there = new Set(positions);
  const at = new Map(positions.map((position) => [position, chromosome.charAt(position - 1)]));
  for (const {
    genomic_start_pos: start,
    genomic_end_pos: end,
    genomic_ref_seq: ref,
    genomic_alt_seq: alt,
  } of variants) {
    if (ref === "") {
      if (there.has(start) && there.has(end)) at.set(start + 0.5, alt);
      continue;
    }
    const changed = Array.from(ref, (_, index) => start + index);
    const within = changed.filter((position) => there.has(position));
    if (alt !== "" && alt.length !== ref.length && within.length > 0 && within.length < ref.length) return undefined;
    for (const [index, position] of changed.entries()) {
      if (!there.has(position)) continue;
      at.set(position, alt.length === ref.length ? alt.charAt(index) : index === 0 ? alt : "");
    }
  }
  let bases = "";
  for (const [index, position] of positions.entries()) {
    const [own, next] = [at.get(position) ?? "", positions[index + 1]];
    bases += strand === "+" ? own : reversed(own);
    // What is inserted behind this base, in the direction of the transcript.
    const behind = at.get(strand === "+" ? position + 0.5 : position - 0.5) ?? "";
    if (next !== undefined && Math.abs(next - position) === 1) bases += strand === "+" ? behind : reversed(behind);
  }
  return bases;
}

function stopOf(text: string | undefined): number | undefined {
  const at = (text?.match(/.{3}/g) ?? []).findIndex((codon) => naiveResidue(codon) === "*");
  return at < 0 ? undefined : at;
}

function translated(text: string): string {
  const codons = text.match(/.{3}/g) ?? [];
  return codons
    .slice(0, stopOf(text) ?? codons.length)
    .map(naiveResidue)
    .join("");
}
