import { expect } from "chai";
import { compare } from "../../client/compare.js";
import { DataError } from "../../client/dataError.js";
import { effectsOf } from "../support/effects.js";

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
    expect(() => compare(effectsOf("MKT"), effectsOf("MKV"))).to.throw(DataError, /different proteins/);
  });
});
