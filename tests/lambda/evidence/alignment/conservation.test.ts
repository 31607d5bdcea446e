import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import { AMINO_ACIDS } from "../../../../contract/aminoAcids.js";
import { PROGRAMS } from "../../../../local/twin/processes/programs.js";
import { BACKGROUND, BLOSUM62 } from "../../../../lambda/evidence/alignment/blosum62.js";
import type { AlignedRow } from "../../../../lambda/evidence/alignment/columns.js";
import { conservationOf } from "../../../../lambda/evidence/alignment/conservation.js";
import { rankCorrelation, withRankCorrelation } from "../../../../lambda/evidence/alignment/rankCorrelation.js";
import { sequenceWeights } from "../../../../lambda/evidence/alignment/weights.js";
import { alignments } from "../support/alignments.js";

const REFERENCE = fileURLToPath(new URL("../support/reference_conservation.py", import.meta.url));

interface Independent {
  readonly weights: number[];
  readonly n_eff: number;
  readonly positions: { conservation: number; gap_fraction: number; pssm: number[] }[];
}

/** What numpy computes. */
function independent(alignmentsGiven: readonly (readonly AlignedRow[])[]): Independent[] {
  const input = JSON.stringify(alignmentsGiven.map((rows) => rows.map(({ aligned }) => aligned)));
  const { stdout, stderr, status } = spawnSync(PROGRAMS.python, [REFERENCE], { input, encoding: "utf8" });
  expect(status, stderr).to.equal(0);
  return JSON.parse(stdout) as Independent[];
}

function rowsOf(...aligned: string[]): AlignedRow[] {
  return aligned.map((row, index) => ({ name: `s${index + 1}`, aligned: row }));
}

describe("conservation", () => {
  it("equals an independent computation to 1e-6", function () {
    this.timeout(120_000);
    const samples = fc.sample(alignments, { numRuns: 50, seed: 15 });
    for (const [index, expected] of independent(samples).entries()) {
      const rows = samples[index] ?? [];
      const { n_eff, positions } = conservationOf(rows, "s1", "clustalo");
      const weights = sequenceWeights(rows.map(({ aligned }) => aligned));

      expect(n_eff).to.be.closeTo(expected.n_eff, 1e-6);
      for (const [at, weight] of weights.entries()) expect(weight).to.be.closeTo(expected.weights[at] ?? NaN, 1e-6);
      expect(positions).to.have.length(expected.positions.length);
      for (const [at, { conservation, gap_fraction, pssm }] of positions.entries()) {
        const other = expected.positions[at];
        expect(conservation).to.be.closeTo(other?.conservation ?? NaN, 1e-6);
        expect(gap_fraction).to.be.closeTo(other?.gap_fraction ?? NaN, 1e-6);
        for (const [residue, odds] of pssm.entries()) expect(odds).to.be.closeTo(other?.pssm[residue] ?? NaN, 1e-6);
      }
    }
  });

  it("is between 0 and 1, highest in columns without change, and lower where there are gaps", () => {
    const { positions } = conservationOf(rowsOf("WAK", "WCK", "WD-"), "s1", "clustalo");
    const [w, a, k] = positions.map(({ conservation }) => conservation);
    expect(positions.every(({ conservation }) => conservation >= 0 && conservation <= 1)).to.equal(true);
    expect(w).to.be.above(a ?? 1);
    expect(w).to.be.above(k ?? 1);
  });

  it("names the residues of a column, the homologues that have a substitution, and its column", () => {
    const { positions, seen_in, sequences } = conservationOf(rowsOf("A-KL", "ACRL", "G-RL"), "s1", "clustalo");

    expect(positions.map(({ position, residue, column }) => [position, residue, column])).to.deep.equal([
      [1, "A", 1],
      [2, "K", 3],
      [3, "L", 4],
    ]);
    expect(positions[1]?.residues).to.deep.equal({ K: 1, R: 2 });
    expect(seen_in).to.deep.equal({ A1G: ["s3"], K2R: ["s2", "s3"] });
    expect(sequences).to.equal(3);
  });

  it("counts similar sequences as one, and says where there are too few", () => {
    const same = conservationOf(rowsOf(...Array.from({ length: 12 }, () => "MKTVRQERLK")), "s1", "clustalo");
    expect(same.n_eff).to.be.closeTo(1, 1e-12);
    expect(same.note).to.equal("too few sequences");
    const different = Array.from(AMINO_ACIDS.slice(0, 12), (residue) => residue.repeat(5));
    const many = conservationOf(rowsOf(...different), "s1", "clustalo");
    expect(many.n_eff).to.be.closeTo(12, 1e-12);
    expect(many).to.not.have.property("note");
  });

  it("takes a residue that is seen for likelier than one that is not, and a similar one than a different one", () => {
    const { positions } = conservationOf(rowsOf("I", "L", "V", "I", "M"), "s1", "clustalo");
    const odds = (residue: string): number => positions[0]?.pssm[AMINO_ACIDS.indexOf(residue)] ?? NaN;
    expect(odds("I")).to.be.above(odds("F"));
    expect(odds("F")).to.be.above(odds("D"));
  });

  it("refuses a reference that is not in the alignment", () => {
    expect(() => conservationOf(rowsOf("A"), "other", "clustalo")).to.throw("'other' is not in the alignment");
  });

  it("has a symmetric matrix, and frequencies whose sum is 1", () => {
    for (const [a, row] of BLOSUM62.entries()) {
      for (const [b, score] of row.entries()) expect(score).to.equal(BLOSUM62[b]?.[a]);
    }
    expect(BACKGROUND.reduce((sum, one) => sum + one, 0)).to.be.closeTo(1, 1e-12);
  });
});

describe("the rank correlation of llr and PSSM", () => {
  it("is 1 for the same order, -1 for the opposite, and nothing where all are equal", () => {
    expect(rankCorrelation([1, 2, 3, 4], [10, 20, 30, 400])).to.be.closeTo(1, 1e-12);
    expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).to.be.closeTo(-1, 1e-12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).to.equal(undefined);
    // By hand: ranks 1, 2.5, 2.5, 4 and 2, 1, 3, 4.
    expect(rankCorrelation([1, 2, 2, 3], [2, 1, 3, 4])).to.be.closeTo(0.632455532, 1e-9);
  });

  it("leaves out the wild type, and proteins of another length", () => {
    const conservation = conservationOf(rowsOf("MK", "MR"), "s1", "clustalo");
    const odds = conservation.positions.map(({ pssm }) => pssm);
    const heatmap = Array.from(AMINO_ACIDS, (_, row) => odds.map((pssm) => (pssm[row] ?? 0) * 2));

    expect(withRankCorrelation(conservation, heatmap).spearman_llr_pssm).to.be.closeTo(1, 1e-12);
    expect(
      withRankCorrelation(
        conservation,
        heatmap.map((row) => row.slice(1)),
      ),
    ).to.not.have.property("spearman_llr_pssm");
  });
});
