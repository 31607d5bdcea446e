import { expect } from "chai";
import fc from "fast-check";
import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import { parseVariant } from "../../../contract/variants.js";
import { jobRow, resultRows } from "../../../lambda/results/rows.js";
import { protein } from "../../contract/support/arbitraries.js";
import { effectsOf } from "../../support/effects.js";
import { variedEffects } from "../support/results.js";
import { endedJob, jobOf } from "./support/endedJobs.js";

describe("The rows of a result", () => {
  it("are one per scored substitution, each with the score of its cell", () => {
    const cell = fc.option(fc.double({ noNaN: true, min: -20, max: 20 }));
    const scored = protein.chain((sequence) => {
      const row = fc.array(cell, { minLength: sequence.length, maxLength: sequence.length });
      return fc.tuple(
        fc.constant(sequence),
        fc.array(row, { minLength: 20, maxLength: 20 }),
        fc.integer({ min: -99, max: 9_999 }),
      );
    });
    fc.assert(
      fc.property(scored, ([sequence, heatmap, offset]) => {
        const result = { ...effectsOf(sequence), heatmap, numbering_offset: offset };

        const rows = resultRows(jobOf(result), result);

        const cells = heatmap.flatMap((scores, row) =>
          scores.filter((score, column) => score !== null && sequence[column] !== AMINO_ACIDS[row]),
        );
        expect(rows).to.have.length(cells.length);
        for (const { position, wild_type: wildType, mutant, hgvs, llr } of rows) {
          const column = Number(position) - 1 - offset;
          expect(sequence[column]).to.equal(wildType);
          expect(parseVariant(hgvs ?? "")).to.deep.equal([{ wildType, position, mutant }]);
          expect(llr).to.equal(heatmap[AMINO_ACIDS.indexOf(mutant ?? "")]?.[column]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("have the percentile of their cell, and null where the model gave none", () => {
    const result = variedEffects(3);
    const percentiles = result.heatmap.map((row, index) => row.map((_, column) => index * 3 + column));

    const [first] = resultRows(jobOf(result), { ...result, percentiles });
    const [without] = resultRows(jobOf(result), result);

    expect(first?.percentile).to.equal(percentiles[AMINO_ACIDS.indexOf(first?.mutant ?? "")]?.[0]);
    expect(without?.percentile).to.equal(null);
  });

  it("end with the requested multiple mutants, which have no single position", () => {
    const variants = [
      { variant: "A1C", hgvs: "p.Ala1Cys", score: -1 },
      { variant: "A1C;A2D", hgvs: "p.[Ala1Cys;Ala2Asp]", score: -2.5 },
    ];
    const result = { ...effectsOf("AA"), variants };

    const rows = resultRows(jobOf(result), result);

    expect(rows).to.have.length(2 * 19 + 1);
    expect(rows.at(-1)).to.include({ hgvs: "p.[Ala1Cys;Ala2Asp]", llr: -2.5, position: null, mutant: null });
  });

  it("say which weights and which commit scored them, and when", () => {
    const result = effectsOf("AC");
    const model = { ...result.model, revision: "0a1b2c3d" };

    const [row] = resultRows(jobOf(result, { attempt: 2 }), { ...result, model });

    expect(row).to.deep.include({
      attempt: 2,
      model: "chandar-lab/AMPLIFY_120M",
      revision: "0a1b2c3d",
      image_digest: "sha256:1111",
      weights: "synthetic",
      scored_at: new Date("2026-11-25T10:01:00.500Z"),
    });
  });
});

describe("The row of a job", () => {
  it("has its duration, the seconds of the model and the number of its variants", () => {
    const result = { ...effectsOf("AC"), timing: { compute_s: 2.25 } };

    const row = jobRow(jobOf(result), { result, variants: 38 });

    expect(row).to.include({ state: "completed", seconds: 60.5, gpu_seconds: 2.25, variants: 38, reason: null });
  });

  it("has the reason of a failure, and nothing that only a result knows", () => {
    const row = jobRow(endedJob({ state: "failed", reason: "OUT_OF_MEMORY: the GPU is full" }), undefined);

    expect(row).to.include({
      state: "failed",
      reason: "OUT_OF_MEMORY: the GPU is full",
      gpu_seconds: null,
      variants: null,
      weights: null,
      revision: "main",
    });
  });
});
