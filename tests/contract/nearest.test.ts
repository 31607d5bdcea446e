import { expect } from "chai";
import { nearest } from "../../contract/nearest.js";

describe("nearest", () => {
  const known = ["sequence", "variants", "positions", "joint"] as const;

  for (const [written, meant] of [
    ["sequnce", "sequence"],
    ["Sequence", "sequence"],
    ["varients", "variants"],
    ["position", "positions"],
    ["JOINT", "joint"],
    ["temperature", undefined],
    ["", undefined],
    ["x".repeat(100_000), undefined],
  ] as const) {
    it(`finds ${meant ?? "no name"} for '${written.slice(0, 20)}'`, () => {
      expect(nearest(written, known)).to.equal(meant);
    });
  }
});
