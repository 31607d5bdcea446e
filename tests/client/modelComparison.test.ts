import { expect } from "chai";
import { compareScores, summariseJobs } from "../../client/modelComparison.js";
import { generator } from "../../client/random.js";
import { pairedDifference, spearman } from "../../client/statistics.js";

describe("the comparison of two model versions", () => {
  const protein = (sha: string, pairs: readonly (readonly [number, number, number])[]) => ({
    sequence_sha256: sha,
    scoring: "masked-marginals",
    pairs: pairs.map(([position, a, b]) => ({ position, wildType: "M", a, b })),
  });

  it("has the correlation of each protein, and the positions that differ most", () => {
    const found = compareScores([
      protein("p1", [
        [1, -1, -1],
        [1, -2, -2],
        [2, -3, -8],
        [2, -4, -9],
      ]),
      protein("p2", [
        [7, 1, 3],
        [7, 2, 2],
        [8, 3, 1],
      ]),
    ]);

    expect(found.proteins.map((one) => [one.sequence_sha256, one.compared, one.spearman])).to.deep.equal([
      ["p1", 4, 1],
      ["p2", 3, -1],
    ]);
    expect(found.mean_spearman).to.equal(0);
    expect(found.positions.slice(0, 3).map((one) => [one.sequence_sha256, one.position, one.difference])).to.deep.equal(
      [
        ["p1", 2, 5],
        ["p2", 8, 2],
        ["p2", 7, 1],
      ],
    );
  });

  it("has latency, failures and GPU seconds per 1,000 residues", () => {
    const job = (state: string, seconds: number | null, gpu_seconds: number | null) => ({
      state,
      sequence_length: 500,
      seconds,
      gpu_seconds,
    });
    const times = Array.from({ length: 19 }, (_, index) => job("completed", index + 1, 2));

    const work = summariseJobs([
      ...times,
      job("completed", 100, null),
      job("failed", 3, null),
      job("cancelled", 1, null),
    ]);

    expect(work).to.deep.equal({
      attempts: 22,
      completed: 20,
      failed: 1,
      failure_rate: 1 / 21,
      p50_seconds: 10,
      p95_seconds: 19,
      residues: 10_000,
      gpu_seconds_per_1000_residues: 4,
    });
    expect(summariseJobs([])).to.include({
      failure_rate: null,
      p95_seconds: null,
      gpu_seconds_per_1000_residues: null,
    });
  });
});

describe("the paired bootstrap", () => {
  const random = generator(5);
  /** An assay of 200 variants, and the scores of two predictors with more or less noise. */
  const assay = (noiseA: number, noiseB: number) => {
    const measured = Array.from({ length: 200 }, () => random());
    const noisy = (noise: number): number[] => measured.map((value) => value + noise * (random() - 0.5));
    return { measured, a: noisy(noiseA), b: noisy(noiseB) };
  };

  it("has the difference of the mean Spearman, and an interval around it", () => {
    const assays = [assay(2, 0.5), assay(2, 0.5)];

    const found = pairedDifference(assays);

    const mean = (side: "a" | "b"): number =>
      assays.reduce((sum, one) => sum + (spearman(one[side], one.measured) ?? 0), 0) / 2;
    expect(found?.mean_a).to.be.closeTo(mean("a"), 1e-12);
    expect(found?.difference).to.be.closeTo(mean("b") - mean("a"), 1e-12);
    expect(found?.interval.low)
      .to.be.above(0)
      .and.below(found?.difference ?? 0);
    expect(found?.interval.high).to.be.above(found?.difference ?? 1);
  });

  it("is narrow where two predictors are the same, whatever the assay", () => {
    const { measured, a } = assay(3, 1);

    expect(pairedDifference([{ measured, a, b: [...a] }])).to.deep.include({
      difference: 0,
      interval: { low: 0, high: 0 },
    });
  });

  it("includes 0 where both are as good", () => {
    const found = pairedDifference([assay(1.5, 1.5), assay(1.5, 1.5)]);

    expect(found?.interval.low).to.be.below(0.05);
    expect(found?.interval.high).to.be.above(-0.05);
  });

  it("is none without a correlation", () => {
    expect(pairedDifference([])).to.equal(null);
    expect(pairedDifference([{ measured: [1, 1], a: [1, 2], b: [2, 1] }])).to.equal(null);
  });
});
