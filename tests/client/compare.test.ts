import { expect } from "chai";
import { compare, spearman } from "../../client/compare.js";
import { effectsOf } from "../support/effects.js";

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

describe("compare", () => {
  it("finds the positions that differ most, without cells that only one has", () => {
    const one = effectsOf("MKT", { W: [-2, -3, null] });
    const other = effectsOf("MKT", { W: [-2, 0.8, -9] });
    const { compared, positions, spearman: correlation } = compare(one, other);
    expect(compared).to.equal(3 * 19 - 1);
    expect(positions[0]).to.deep.include({ position: 2, wildType: "K" });
    expect(positions[0]?.difference).to.be.closeTo(3.8 / 19, 1e-12);
    expect(positions[1]?.difference).to.equal(0);
    expect(correlation).to.be.lessThan(1);
  });

  it("refuses results of different proteins", () => {
    expect(() => compare(effectsOf("MKT"), effectsOf("MKV"))).to.throw(RangeError, /different proteins/);
  });
});
