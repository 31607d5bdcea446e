import { expect } from "chai";
import { parseVariant } from "../../../../contract/variants.js";
import { summarise, type SummaryOptions } from "../../../../lambda/tools/summary/summarise.js";
import { effectsOf } from "../../../support/effects.js";
import { proteinOf, variedEffects } from "../../support/results.js";

const BUDGET = 7_000;
const LINKS = { s3_output_path: "s3://bucket/async-inference-output/x.out" };

function options(changes: Partial<SummaryOptions> = {}): SummaryOptions {
  return { top: 10, links: LINKS, notes: [], budget: BUDGET, ...changes };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

describe("a summary", () => {
  it("has the best and worst substitutions in order, without synonymous ones", () => {
    const result = effectsOf("MK", { A: [1.23456, -2], C: [null, 3] });

    const { best, worst, llr, scored_variants: scored } = summarise(result, options({ top: 2 }));

    expect(best).to.deep.equal([
      { variant: "K2C", hgvs: "p.Lys2Cys", score: 3 },
      { variant: "M1A", hgvs: "p.Met1Ala", score: 1.2346 },
    ]);
    expect(worst[0]).to.deep.equal({ variant: "K2A", hgvs: "p.Lys2Ala", score: -2 });
    expect(scored).to.equal(37);
    expect(llr).to.deep.equal({ mean: -0.8585, min: -2, max: 3 });
  });

  it("numbers positions as the caller does", () => {
    const result = { ...effectsOf("MK"), numbering_offset: 100 };

    const { best, profile, positions } = summarise(result, options({ top: 1, positions: [{ first: 102, last: 102 }] }));

    expect(best[0]?.variant).to.equal("M101A");
    expect(profile.map((segment) => segment.positions)).to.deep.equal(["101", "102"]);
    expect(positions).to.deep.equal([{ position: 102, wild_type: "K", mean: -1, best: "K102A", best_score: -1 }]);
  });

  it("has a profile of the whole protein in at most 40 segments, without gaps or overlaps", () => {
    for (const length of [1, 39, 40, 41, 65, 2_000]) {
      const { profile } = summarise(variedEffects(length), options());

      const ends = profile.map(({ positions }) => positions.split("-").map(Number));
      expect(profile.length).to.be.within(1, 40);
      expect(ends[0]?.[0]).to.equal(1);
      expect(ends.at(-1)?.at(-1)).to.equal(length);
      for (const [index, end] of ends.slice(0, -1).entries())
        expect(ends[index + 1]?.[0]).to.equal((end.at(-1) ?? 0) + 1);
    }
  });

  it("has the most sensitive positions if none are requested", () => {
    const result = { ...effectsOf("MKTV"), sensitivity: [-1, -4, null, -2] };

    const { positions } = summarise(result, options({ top: 2 }));

    expect(positions.map(({ position, mean }) => [position, mean])).to.deep.equal([
      [2, -4],
      [4, -2],
    ]);
  });

  it("has the sum of the sites of a multiple mutant, unless the model scored it", () => {
    const variants = [{ variant: "M1A;K2A", hgvs: "p.[Met1Ala;Lys2Ala]", score: -9 }];
    const asked = { variants: [parseVariant("K2A;M1A"), parseVariant("M1A;T3A"), parseVariant("K2K")] };

    const summary = summarise({ ...effectsOf("MKT"), variants }, options(asked));

    expect(summary.variants.map(({ variant, score }) => [variant, score])).to.deep.equal([
      ["M1A;K2A", -9],
      ["M1A;T3A", -2],
      ["K2K", 0],
    ]);
  });

  it("has the variants of the submission if none are requested", () => {
    const variants = [{ variant: "M1A", hgvs: "p.Met1Ala", score: -1.00001 }];

    const summary = summarise({ ...effectsOf("MKT"), variants }, options());

    expect(summary.variants).to.deep.equal([{ variant: "M1A", hgvs: "p.Met1Ala", score: -1 }]);
  });

  it("has nulls for a protein without scores", () => {
    const nothing = Array.from({ length: 20 }, () => [null, null]);

    const summary = summarise({ ...effectsOf("MK"), heatmap: nothing, sensitivity: [null, null] }, options());

    expect(summary).to.deep.include({ llr: null, scored_variants: 0, best: [], worst: [], positions: [] });
  });

  describe("stays within its budget", () => {
    const download = `https://bucket.s3.us-east-1.amazonaws.com/x.out?X-Amz-Security-Token=${"t".repeat(1_800)}`;
    const everySite = Array.from(proteinOf(1_000), (wildType, index) => parseVariant(`${wildType}${index + 1}A`));
    const manySites = parseVariant(Array.from(proteinOf(300), (wt, index) => `${wt}${index + 1}A`).join(";"));
    const cases: readonly (readonly [string, number, Partial<SummaryOptions>])[] = [
      ["2,000 residues", 2_000, {}],
      ["10,000 residues, top 25, a long link", 10_000, { top: 25, links: { ...LINKS, download_url: download } }],
      ["every position requested", 10_000, { positions: [{ first: 1, last: 10_000 }] }],
      ["1,000 variants requested", 2_000, { variants: everySite }],
      [
        "both, and 25 best and worst variants",
        2_000,
        { top: 25, variants: everySite, positions: [{ first: 1, last: 2_000 }] },
      ],
      ["one variant of 300 sites", 300, { variants: [manySites] }],
      ["long notes", 300, { notes: ["n".repeat(300), "m".repeat(300)] }],
    ];
    for (const [what, length, changes] of cases) {
      it(what, () => {
        const summary = summarise(variedEffects(length), options(changes));

        expect(bytes(summary)).to.be.at.most(BUDGET);
        expect(summary.best).not.to.be.empty;
        expect(summary.notes.join()).to.match((changes.variants ?? changes.positions) ? /request fewer/ : /.*/);
      });
    }

    it("and has requested rows before others", () => {
      const three = { variants: everySite.slice(0, 3), positions: [{ first: 5, last: 6 }], top: 25 };

      const summary = summarise(
        variedEffects(2_000),
        options({ ...three, links: { ...LINKS, download_url: download } }),
      );

      expect(summary.variants).to.have.length(3);
      expect(summary.positions.map(({ position }) => position)).to.deep.equal([5, 6]);
      expect(bytes(summary)).to.be.at.most(BUDGET);
    });
  });
});
