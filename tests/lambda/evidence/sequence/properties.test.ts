import { expect } from "chai";
import fc from "fast-check";
import { codingOf } from "../../../../lambda/evidence/sequence/coding.js";
import { longestFrame, residueOf, reverseComplement, translate } from "../../../../lambda/evidence/sequence/dna.js";
import { embed } from "../../../../lambda/evidence/sequence/embed.js";
import { refuseOverlaps } from "../../../../lambda/evidence/sequence/genomeVariants.js";
import { Spliced } from "../../../../lambda/evidence/sequence/spliced.js";
import { naiveLongestFrame, naiveResidue, naiveTranscript, worlds, type World } from "../support/naive.js";

const RUNS = { numRuns: 500, seed: 15 };

function splicedOf({ chromosome, strand, exons }: World): Spliced {
  return Spliced.of(
    "chr",
    strand,
    exons,
    exons.map(({ start, end }) => chromosome.slice(start - 1, end)),
  );
}

describe("sequences of genome regions, against a naive computation", () => {
  it("are spliced and complemented alike", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(splicedOf(world).bases).to.equal(naiveTranscript({ ...world, variants: [] }));
      }),
      RUNS,
    );
  });

  it("have the same bases with variants, each at the place that is reported", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        refuseOverlaps(world.variants);
        const { bases, variants } = embed(splicedOf(world), world.variants);
        expect(bases).to.equal(naiveTranscript(world));
        expect(variants).to.have.length(world.variants.length);
        for (const one of variants) {
          const alt = world.strand === "+" ? one.genomic_alt_seq : reverseComplement(one.genomic_alt_seq);
          const at = bases.slice(one.seq_start_pos - 1, one.seq_start_pos - 1 + alt.length);
          if (one.seq_substitution_type === "deletion") expect(one.seq_end_pos).to.equal(one.seq_start_pos + 1);
          else expect(at).to.equal(alt);
        }
      }),
      RUNS,
    );
  });

  it("have each base at its place, and parts that fit", () => {
    fc.assert(
      fc.property(worlds, fc.nat(200), fc.nat(200), (world, a, b) => {
        const spliced = splicedOf(world);
        const [from, to] = [a % spliced.bases.length, b % spliced.bases.length].sort((p, q) => p - q) as [
          number,
          number,
        ];
        const part = spliced.slice(from, to);
        expect(part.bases).to.equal(spliced.bases.slice(from, to));
        for (const { start, end } of part.parts) {
          for (let position = start; position <= end; position++) {
            const base = world.chromosome.charAt(position - 1);
            const place = part.placeOf(position) ?? -1;
            expect(part.bases.charAt(place)).to.equal(world.strand === "+" ? base : reverseComplement(base));
          }
        }
      }),
      RUNS,
    );
  });

  it("are translated alike", () => {
    const letters = fc.array(fc.constantFrom("A", "C", "G", "T"), { maxLength: 90 }).map((all) => all.join(""));
    fc.assert(
      fc.property(letters, (dna) => {
        const codons = dna.match(/.{3}/g) ?? [];
        const stop = codons.findIndex((codon) => naiveResidue(codon) === "*");
        const expected = codons.slice(0, stop < 0 ? codons.length : stop).map(naiveResidue);
        expect(translate(dna)).to.equal(expected.join(""));
        expect(translate(dna.toLowerCase())).to.equal(expected.join(""));
        const found = longestFrame(dna);
        expect(found && dna.slice(found.start, found.end)).to.equal(naiveLongestFrame(dna));
      }),
      { numRuns: 1_000, seed: 15 },
    );
  });

  it("have the coding regions of any frame, whichever of them says it", () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 0, max: 2 }), fc.nat(10), (world, frame, teller) => {
        const spliced = splicedOf(world);
        fc.pre(spliced.bases.length - frame >= 3);
        const ordered = world.strand === "+" ? world.exons : [...world.exons].reverse();
        let before = 0;
        const regions = ordered.map((exon, index) => {
          const phase = (((frame - before) % 3) + 3) % 3;
          before += exon.end - exon.start + 1;
          return index === teller % ordered.length ? { ...exon, frame: phase } : exon;
        });
        const { spliced: coding, following } = codingOf(spliced, world.strand === "+" ? regions : regions.reverse());
        const length = Math.floor((spliced.bases.length - frame) / 3) * 3;
        expect(coding.bases).to.equal(spliced.bases.slice(frame, frame + length));
        expect(`${coding.bases}${following.bases}`).to.equal(spliced.bases.slice(frame));
      }),
      RUNS,
    );
  });

  it("have X only where a codon is ambiguous", () => {
    expect(["GCN", "ATN", "NNN", "TRA", "gcn", "YTA"].map(residueOf)).to.deep.equal(["A", "X", "X", "*", "A", "L"]);
    expect(reverseComplement("AACGTNryk")).to.equal("mryNACGTT");
  });
});
