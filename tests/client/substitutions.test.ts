import { expect } from "chai";
import { llrOf } from "../../client/substitutions.js";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { parseVariant } from "../../contract/variants.js";

describe("llrOf", () => {
  const heatmap = Array.from(AMINO_ACIDS, () => [0.1, 0.2, null]);
  const scores = { sequence: "MKT", offset: 0, heatmap };

  it("adds up the sites of a multiple mutant, with the decimals of a result", () => {
    expect(llrOf(scores, parseVariant("M1A;K2A"))).to.equal(0.3);
  });

  it("is null where a site was not scored", () => {
    expect(llrOf(scores, parseVariant("M1A;T3A"))).to.equal(null);
  });
});
