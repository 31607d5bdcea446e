import { InputError } from "../../../contract/errors.js";

import { CODON, endOfStop, longestFrame, residueOf, START_CODON, STOP } from "./dna.js";
import { Spliced, type Strand } from "./spliced.js";

/** A coding region as it is given: its frame may be missing. */
export interface CodingRegion {
  readonly start: number;
  readonly end: number;
  readonly frame?: number | undefined;
}

/** The reference coding sequence: complete codons, with the stop codon where there is one. */
export interface Coding {
  readonly spliced: Spliced;
  /** What follows it in the transcript. */
  readonly following: Spliced;
  /** Whether it has a stop codon, which a variant can lose: that of an incomplete transcript has none. */
  readonly hasStop: boolean;
}

/**
 * The coding sequence of a transcript: the coding regions from the first complete codon, or without them the longest open
 * reading frame.
 *
 * @param regions coding regions in the order of the chromosome, within exons
 * @throws InputError `INVALID_REGION` if the frames contradict each other or are unknown; `NO_PROTEIN` if there is no frame
 */
export function codingOf(exons: Spliced, regions: readonly CodingRegion[]): Coding {
  if (regions.length === 0) {
    const frame = longestFrame(exons.bases);
    if (frame === undefined) {
      throw new InputError("NO_PROTEIN", "The transcript has no complete open reading frame from an ATG to a stop.");
    }
    return { spliced: exons.slice(frame.start, frame.end), following: exons.slice(frame.end), hasStop: true };
  }
  const parts = regions.map((region) => partOf(exons, region));
  const joined = new Spliced(exons.seqId, exons.strand, exons.strand === "+" ? parts : parts.reverse());
  const offset = firstFrame(exons.strand, regions, joined.bases);
  const length = Math.floor((joined.bases.length - offset) / CODON) * CODON;
  if (length === 0) throw new InputError("NO_PROTEIN", "The coding regions have no complete codon.");
  const rest = exons.slice((exons.placeOf(lastPosition(joined)) ?? 0) + 1);
  return withStop(joined.slice(offset, offset + length), joined.slice(offset + length).followedBy(rest));
}

/** Adds the stop codon where it is behind the coding regions: those of GTF files end before it. */
function withStop(spliced: Spliced, following: Spliced): Coding {
  if (endOfStop(spliced.bases) !== undefined) return { spliced, following, hasStop: true };
  if (residueOf(following.bases.slice(0, CODON)) !== STOP) return { spliced, following, hasStop: false };
  return { spliced: spliced.followedBy(following.slice(0, CODON)), following: following.slice(CODON), hasStop: true };
}

/** The position of its last base on the chromosome. */
function lastPosition({ parts, strand }: Spliced): number {
  const last = parts.at(-1);
  return (strand === "+" ? last?.end : last?.start) ?? 0;
}

function partOf(exons: Spliced, { start, end }: CodingRegion): Spliced["parts"][number] {
  const exon = exons.parts.find((part) => part.start <= start && end <= part.end);
  if (exon === undefined) {
    throw new InputError("INVALID_REGION", `The coding region ${start}..${end} is not within an exon.`);
  }
  const from = exons.strand === "+" ? start - exon.start : exon.end - end;
  return { start, end, bases: exon.bases.slice(from, from + end - start + 1) };
}

/**
 * Bases before the first complete codon. Each frame says what it is: they must agree. Without any, it is 0 if the coding
 * sequence begins with ATG.
 */
function firstFrame(strand: Strand, regions: readonly CodingRegion[], bases: string): number {
  const ordered = strand === "+" ? regions : [...regions].reverse();
  let before = 0;
  let known: { readonly frame: number; readonly region: CodingRegion } | undefined;
  for (const region of ordered) {
    if (region.frame !== undefined) {
      // The frame of the first region that makes a codon begin here.
      const frame = (before + region.frame) % CODON;
      if (known !== undefined && known.frame !== frame) throw contradiction(known.region, region);
      known ??= { frame, region };
    }
    before += region.end - region.start + 1;
  }
  if (known !== undefined) return known.frame;
  if (bases.slice(0, CODON).toUpperCase() === START_CODON) return 0;
  throw new InputError(
    "INVALID_REGION",
    "The coding regions have no frame, and do not begin with ATG: which codons they have is ambiguous. Give the frame of the first one.",
  );
}

function contradiction(first: CodingRegion, second: CodingRegion): InputError {
  const [a, b] = [first, second].map(({ start, end, frame }) => `${start}..${end} with frame ${frame}`);
  return new InputError(
    "INVALID_REGION",
    `The frames of the coding regions ${a} and ${b} contradict each other: the bases between them are no whole codons.`,
  );
}
