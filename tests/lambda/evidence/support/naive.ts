import fc from "fast-check";
import type { GenomeVariant } from "../../../../contract/genome.js";

/** A chromosome with a transcript on it, and variants of single bases, insertions and deletions within exons. */
export interface World {
  readonly chromosome: string;
  readonly strand: "+" | "-";
  /** 1-based and inclusive, in the order of the chromosome. */
  readonly exons: readonly { readonly start: number; readonly end: number }[];
  readonly variants: readonly GenomeVariant[];
}

const BASES = ["A", "C", "G", "T"] as const;

/** Bases of a length. */
export const bases = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...BASES), { minLength, maxLength }).map((letters) => letters.join(""));

interface Change {
  readonly kind: "substitution" | "insertion" | "deletion" | "indel";
  readonly at: number;
  readonly length: number;
  readonly bases: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("substitution", "insertion", "deletion", "indel"),
  at: fc.nat(10_000),
  length: fc.integer({ min: 1, max: 5 }),
  bases: bases(1, 5),
});

/** Exons of 4 to 30 bases, introns of 1 to 10, and changes that do not touch each other. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    strand: fc.constantFrom("+", "-"),
    parts: fc.array(fc.tuple(bases(1, 10), bases(4, 30)), { minLength: 1, maxLength: 5 }),
    tail: bases(1, 10),
    changes: fc.array(change, { maxLength: 5 }),
  })
  .map(({ strand, parts, tail, changes }) => {
    let chromosome = "";
    const exons = parts.map(([intron, exon]) => {
      const start = chromosome.length + intron.length + 1;
      chromosome += intron + exon;
      return { start, end: chromosome.length };
    });
    chromosome += tail;
    return { chromosome, strand, exons, variants: variantsOf(chromosome, exons, changes) };
  });

/** Changes as variants, those that are within one exon and apart from the ones before. */
function variantsOf(chromosome: string, exons: World["exons"], changes: readonly Change[]): GenomeVariant[] {
  const taken = new Set<number>();
  const variants: GenomeVariant[] = [];
  for (const [index, { kind, at, length, bases: alt }] of changes.entries()) {
    const exon = exons[at % exons.length];
    if (exon === undefined) continue;
    const start = exon.start + (at % (exon.end - exon.start + 1));
    const end = kind === "insertion" ? start + 1 : start + length - 1;
    const ref = kind === "insertion" ? "" : chromosome.slice(start - 1, end);
    const changed = kind === "deletion" ? "" : kind === "substitution" ? other(ref) : alt;
    const span = Array.from({ length: end - start + 3 }, (_, step) => start - 1 + step);
    if (end > exon.end || span.some((base) => taken.has(base)) || ref === changed) continue;
    for (const base of span) taken.add(base);
    variants.push({
      variant_id: `v${index}`,
      genomic_seq_id: "chr",
      genomic_start_pos: start,
      genomic_end_pos: end,
      genomic_ref_seq: ref,
      genomic_alt_seq: changed,
    });
  }
  return variants;
}

function other(ref: string): string {
  return Array.from(ref, (base) => BASES[(BASES.indexOf(base as "A") + 1) % 4]).join("");
}

const COMPLEMENT: Readonly<Record<string, string>> = { A: "T", C: "G", G: "C", T: "A" };

/**
 * The transcript with variants, one base of the chromosome after the other: each has what stands there, and what follows it on
 * the forward strand. Nothing of how it is really done is used.
 */
export function naiveTranscript({ chromosome, strand, exons, variants }: World): string {
  const here = Array.from(chromosome, (base) => base);
  for (const {
    genomic_start_pos: start,
    genomic_end_pos: end,
    genomic_ref_seq: ref,
    genomic_alt_seq: alt,
  } of variants) {
    if (ref === "") {
      here[start - 1] = `${here[start - 1] ?? ""}${alt}`;
      continue;
    }
    for (let at = start; at <= end; at++) here[at - 1] = at === start ? alt : "";
  }
  const forward = exons.map(({ start, end }) => here.slice(start - 1, end).join("")).join("");
  return strand === "+" ? forward : reversed(forward);
}

/** The other strand. */
export function reversed(forward: string): string {
  let reverse = "";
  for (const base of forward) reverse = (COMPLEMENT[base] ?? "N") + reverse;
  return reverse;
}

const CODE: Readonly<Record<string, string>> = {
  A: "GCT GCC GCA GCG",
  C: "TGT TGC",
  D: "GAT GAC",
  E: "GAA GAG",
  F: "TTT TTC",
  G: "GGT GGC GGA GGG",
  H: "CAT CAC",
  I: "ATT ATC ATA",
  K: "AAA AAG",
  L: "TTA TTG CTT CTC CTA CTG",
  M: "ATG",
  N: "AAT AAC",
  P: "CCT CCC CCA CCG",
  Q: "CAA CAG",
  R: "CGT CGC CGA CGG AGA AGG",
  S: "TCT TCC TCA TCG AGT AGC",
  T: "ACT ACC ACA ACG",
  V: "GTT GTC GTA GTG",
  W: "TGG",
  Y: "TAT TAC",
  "*": "TAA TAG TGA",
};

/** The residue of a codon, from a table by residue. */
export function naiveResidue(codon: string): string {
  return Object.entries(CODE).find(([, codons]) => codons.split(" ").includes(codon.toUpperCase()))?.[0] ?? "X";
}

/** Every complete frame from an ATG to its stop, by trying each start. The longest, and of those the first. */
export function naiveLongestFrame(transcript: string): string | undefined {
  let best: string | undefined;
  for (let start = 0; start + 3 <= transcript.length; start++) {
    if (transcript.slice(start, start + 3) !== "ATG") continue;
    for (let end = start + 3; end + 3 <= transcript.length; end += 3) {
      if (naiveResidue(transcript.slice(end, end + 3)) !== "*") continue;
      const frame = transcript.slice(start, end + 3);
      if (best === undefined || frame.length > best.length) best = frame;
      break;
    }
  }
  return best;
}
