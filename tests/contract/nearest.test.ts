import { expect } from "chai";
import { nearest } from "../../contract/nearest.js";

describe("the nearest name", () => {
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
    it(`to '${written.slice(0, 20)}' is ${meant ?? "none"}`, () => {
      expect(nearest(written, known)).to.equal(meant);
    });
  }
});
