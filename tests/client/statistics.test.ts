import { expect } from "chai";
import { generator } from "../../client/random.js";
import { auc, spearman, spearmanInterval, topRecall } from "../../client/statistics.js";

describe("spearman", () => {
  it("is 1 for equal order and -1 for the reverse, whatever the distances", () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 500, 501])).to.be.closeTo(1, 1e-12);
    expect(spearman([1, 2, 3, 4], [9, 7, 3, -100])).to.be.closeTo(-1, 1e-12);
  });

  it("gives equal values the mean of their ranks", () => {
    // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4])
    expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).to.be.closeTo(0.9486832980505138, 1e-12);
  });

  it("is null where there is nothing to rank", () => {
    expect(spearman([], [])).to.equal(null);
    expect(spearman([1, 1, 1], [1, 2, 3])).to.equal(null);
  });
});

describe("spearmanInterval", () => {
  /** Pairs with a known correlation in the population. */
  function pairs(number: number, noise: number, seed: number): [number[], number[]] {
    const random = generator(seed);
    const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const first = Array.from({ length: number }, normal);
    return [first, first.map((value) => value + noise * normal())];
  }

  it("is the same in each run, holds the correlation, and is as wide as theory says", () => {
    const [first, second] = pairs(400, 1, 7);
    const interval = spearmanInterval(first, second);
    const correlation = spearman(first, second) ?? 0;
    expect(interval).to.deep.equal(spearmanInterval(first, second));
    expect(interval?.low).to.be.lessThan(correlation);
    expect(interval?.high).to.be.greaterThan(correlation);
    // Fisher's z with the variance 1.06 / (n - 3) (Fieller et al. 1957) gives 0.616 to 0.724 for 0.673.
    const half = 1.96 * Math.sqrt(1.06 / 397);
    expect(interval?.low).to.be.closeTo(Math.tanh(Math.atanh(correlation) - half), 0.02);
    expect(interval?.high).to.be.closeTo(Math.tanh(Math.atanh(correlation) + half), 0.02);
  });

  it("has the true correlation in about 95 of 100 cases", () => {
    // Of two normal variables with Pearson's r: 6 / pi * asin(r / 2) (Pearson 1907).
    const truth = (6 / Math.PI) * Math.asin(Math.SQRT1_2 / 2);
    const holding = Array.from({ length: 100 }, (_, seed) => spearmanInterval(...pairs(150, 1, seed + 1), 300)).filter(
      (interval) => interval !== null && interval.low < truth && truth < interval.high,
    );
    expect(holding.length).to.be.within(88, 100);
  });

  it("is null where there is no correlation", () => {
    expect(spearmanInterval([], [])).to.equal(null);
    expect(spearmanInterval([1, 1, 1], [1, 2, 3])).to.equal(null);
  });
});

describe("auc", () => {
  it("counts the pairs in which the positive is higher, equal ones half", () => {
    // sklearn.metrics.roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    expect(auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true])).to.equal(0.75);
    expect(auc([1, 1], [true, false])).to.equal(0.5);
  });

  it("is null where all are on one side", () => {
    expect(auc([1, 2], [true, true])).to.equal(null);
    expect(auc([], [])).to.equal(null);
  });
});

describe("topRecall", () => {
  it("says how many of the best tenth are predicted, and what chance gives", () => {
    const measured = Array.from({ length: 20 }, (_, index) => index);
    const predicted = measured.map((value) => (value === 18 ? -1 : value));
    expect(topRecall(predicted, measured)).to.deep.equal({ best: 2, chosen: 2, found: 1, recall: 0.5, chance: 0.1 });
  });

  it("counts values that are equal to the last of the best", () => {
    expect(topRecall([3, 2, 1, 0], [1, 1, 1, 0], 0.25)).to.deep.include({ best: 3, chosen: 1, found: 1, chance: 0.25 });
  });
});
