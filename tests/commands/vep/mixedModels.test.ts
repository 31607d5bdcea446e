import { expect } from "chai";
import { mixedModels } from "../../../commands/vep/mixedModels.js";
import { effectsOf } from "../../support/effects.js";

describe("the models of several results", () => {
  const result = (changes: object = {}) => {
    const { model } = effectsOf("MKTV");
    return { model: { ...model, weights_sha256: "1", package_version: "0.1.0", ...changes } };
  };

  it("are not mentioned where they are one", () => {
    expect(mixedModels([])).to.equal(undefined);
    expect(mixedModels([result(), result({ device: "another GPU" })])).to.equal(undefined);
  });

  for (const [what, changes] of [
    ["id", { id: "owner/v2" }],
    ["revision", { revision: "2" }],
    ["weights", { weights_sha256: "2" }],
    ["code", { package_version: "0.2.0" }],
  ] as const) {
    it(`are named where the ${what} differs`, () => {
      expect(mixedModels([result(), result(), result(changes)])).to.include("of 2 models");
    });
  }
});
