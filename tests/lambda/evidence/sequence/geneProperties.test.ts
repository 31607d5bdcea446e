import { expect } from "chai";
import fc from "fast-check";
import { InputError } from "../../../../contract/errors.js";
import type { GenomeVariant } from "../../../../contract/genome.js";
import { codingOf, type Coding } from "../../../../lambda/evidence/sequence/coding.js";
import { reverseComplement } from "../../../../lambda/evidence/sequence/dna.js";
import { refuseOverlaps } from "../../../../lambda/evidence/sequence/genomeVariants.js";
import { alternativeCoding, alternativeProtein, proteinOf } from "../../../../lambda/evidence/sequence/protein.js";
import { proteinVariants } from "../../../../lambda/evidence/sequence/proteinVariants.js";
import { Spliced } from "../../../../lambda/evidence/sequence/spliced.js";
import { genes, naiveOverlap, naiveProteins, variantOf, type Gene } from "../support/genes.js";
import { bases } from "../support/naive.js";

const RUNS = { numRuns: 400, seed: 15 };

/** The coding sequence of a gene, whose first region has the frame; undefined where there is none. */
function codingIn({ chromosome, strand, exons, coding, frame }: Gene): Coding | undefined {
  const forward = exons.map(({ start, end }) => chromosome.slice(start - 1, end));
  const spliced = Spliced.of("chr", strand, exons, forward);
  const first = strand === "+" ? 0 : coding.length - 1;
  // Without coding regions, the longest open reading frame would be taken.
  return coding.length === 0
    ? undefined
    : attempt(() =>
        codingOf(
          spliced,
          coding.map((region, index) => (index === first ? { ...region, frame } : region)),
        ),
      );
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Calls a test with genes that have a protein. */
function withProteins(
  test: (gene: Gene, coding: Coding, naive: ReturnType<typeof naiveProteins> & object) => void,
): void {
  fc.assert(
    fc.property(genes, (gene) => {
      const coding = codingIn(gene);
      const naive = naiveProteins(gene);
      const protein = coding && attempt(() => proteinOf(coding.spliced.bases));
      expect(protein).to.equal(naive?.reference);
      if (coding && naive) test(gene, coding, naive);
    }),
    RUNS,
  );
}

describe("proteins of genes, against a naive computation", () => {
  it("are the same with variants anywhere, or are refused alike", () => {
    withProteins(({ variants }, coding, { alternative }) => {
      expect(attempt(() => alternativeProtein(coding, variants).sequence || undefined)).to.equal(
        alternative === "" ? undefined : alternative,
      );
    });
  });

  it("lose no variant: each is at its place in the coding sequence, or named as not embedded", () => {
    withProteins(({ strand, variants }, coding) => {
      const made = attempt(() => alternativeCoding(coding, variants));
      if (made === undefined) return;
      const { sequence, embedded, notEmbedded } = made;
      const named = [...embedded, ...notEmbedded].map(({ variant_id: id }) => id);
      expect(named.sort()).to.deep.equal(variants.map(({ variant_id: id }) => id).sort());
      for (const one of embedded) {
        const { seq_start_pos: start, seq_end_pos: end, seq_substitution_type: type } = one;
        expect(end).to.be.at.most(sequence.length);
        if (type === "deletion") expect(end).to.equal(start + 1);
        else if (type === "insertion" || one.embedded_ref_seq_len === one.genomic_ref_seq.length) {
          const alt = strand === "+" ? one.genomic_alt_seq : reverseComplement(one.genomic_alt_seq);
          const shown = sequence.slice(start - 1, start - 1 + alt.length);
          expect(alt.startsWith(shown) && shown !== "", `${alt} at ${start}`).to.equal(true);
        }
      }
    });
  });

  it("score a variant if it changes residues alone, and name every other with a reason", () => {
    withProteins((gene, coding, { reference }) => {
      const { to_score: toScore, not_scored: notScored } = proteinVariants(coding, reference, gene.variants);
      const alone = gene.variants.map((variant) => [variant.variant_id, expectedOf(gene, variant)] as const);
      const scored = alone.flatMap(([id, variant]) => (variant === undefined ? [] : [{ variant_ids: [id], variant }]));
      const together = scored.length > 1 ? toScore.slice(scored.length) : [];
      expect(toScore).to.deep.equal([...scored, ...together]);
      expect(notScored.map(({ variant_id: id }) => id)).to.deep.equal(
        alone.flatMap(([id, variant]) => (variant === undefined ? [id] : [])),
      );
      for (const { reason } of notScored) expect(reason).to.match(/\w{3}/);
    });
  });

  it("have variants that overlap refused, and no others", () => {
    const change = fc.record({ at: fc.nat(12), length: fc.nat(5), bases: bases(0, 3) });
    fc.assert(
      fc.property(bases(14, 14), fc.array(change, { maxLength: 5 }), (chromosome, changes) => {
        const variants = changes.flatMap((one, index) => variantOf(chromosome, one, index) ?? []);
        const overlap = variants.some((one, index) => variants.slice(index + 1).some((two) => naiveOverlap(one, two)));
        const refused = attempt(() => {
          refuseOverlaps(variants);
          return true;
        });
        expect(refused === undefined).to.equal(overlap);
      }),
      RUNS,
    );
  });
});

/** What is scored of one variant by itself: the residues that differ; undefined where it is not scored. */
function expectedOf(gene: Gene, variant: GenomeVariant): string | undefined {
  const { genomic_ref_seq: ref, genomic_alt_seq: alt } = variant;
  const naive = naiveProteins({ ...gene, variants: [variant] });
  if (naive?.alternative === undefined || naive.beyond || ref.length !== alt.length) return undefined;
  const { reference, alternative } = naive;
  if (alternative.length !== reference.length || alternative === reference) return undefined;
  const sites = Array.from(reference, (residue, index) => `${residue}${index + 1}${alternative.charAt(index)}`);
  return sites.filter((site) => !site.startsWith(site.slice(-1))).join(";");
}
