import type { GenomeRegion } from "../../../contract/genome.js";
import { reverseComplement } from "./dna.js";

export type Strand = "+" | "-";

/** Part of a chromosome, 1-based and inclusive. */
export type Span = Pick<GenomeRegion, "start" | "end">;

/** A region with its bases, in the direction of the transcript. */
export interface SplicedPart {
  readonly start: number;
  readonly end: number;
  readonly bases: string;
}

/** Regions of one strand of a chromosome, joined in the direction of the transcript. */
export class Spliced {
  /** The joined bases. */
  readonly bases: string;

  /** @param parts in the order of the transcript, without overlap */
  constructor(
    readonly seqId: string,
    readonly strand: Strand,
    readonly parts: readonly SplicedPart[],
  ) {
    this.bases = parts.map(({ bases }) => bases).join("");
  }

  /**
   * Joins regions.
   *
   * @param regions in the order of the chromosome
   * @param forward the bases of each region on the forward strand
   */
  static of(seqId: string, strand: Strand, regions: readonly Span[], forward: readonly string[]): Spliced {
    const parts = regions.map(({ start, end }, index) => {
      const bases = forward[index] ?? "";
      return { start, end, bases: strand === "+" ? bases : reverseComplement(bases) };
    });
    return new Spliced(seqId, strand, strand === "+" ? parts : parts.reverse());
  }

  /** A part of it, from a place (0-based) to another (exclusive). */
  slice(from: number, to: number = this.bases.length): Spliced {
    const parts: SplicedPart[] = [];
    let offset = 0;
    for (const { start, end, bases } of this.parts) {
      const first = Math.max(0, from - offset);
      const last = Math.min(bases.length, to - offset);
      if (first < last) {
        parts.push({
          start: this.strand === "+" ? start + first : end - last + 1,
          end: this.strand === "+" ? start + last - 1 : end - first,
          bases: bases.slice(first, last),
        });
      }
      offset += bases.length;
    }
    return new Spliced(this.seqId, this.strand, parts);
  }

  /** This, and what follows it in the transcript. */
  followedBy(rest: Spliced): Spliced {
    return new Spliced(this.seqId, this.strand, [...this.parts, ...rest.parts]);
  }

  /**
   * The place of a base of the chromosome in the joined bases.
   *
   * @returns 0-based; undefined outside of all regions
   */
  placeOf(position: number): number | undefined {
    let offset = 0;
    for (const { start, end, bases } of this.parts) {
      if (position >= start && position <= end) {
        return offset + (this.strand === "+" ? position - start : end - position);
      }
      offset += bases.length;
    }
    return undefined;
  }
}
