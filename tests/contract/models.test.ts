import { expect } from "chai";
import { generator } from "../../client/random.js";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { FIRST_POINTER, goesToModelB, readPointer } from "../../contract/models.js";

const random = generator(14);
const PROTEINS = Array.from({ length: 10_000 }, () =>
  Array.from({ length: 30 }, () => AMINO_ACIDS.charAt(Math.floor(random() * 20))).join(""),
);

describe("the split between two versions", () => {
  for (const share of [0, 1, 20, 50, 80, 100]) {
    it(`sends ${share} % of 10,000 proteins to modelB, within 1 %`, () => {
      const sent = PROTEINS.filter((sequence) => goesToModelB(sequence, share)).length;

      expect((100 * sent) / PROTEINS.length).to.be.closeTo(share, 1);
    });
  }

  it("always sends the same protein to the same version, and moves none back when the share grows", () => {
    for (const sequence of PROTEINS.slice(0, 500)) {
      expect(goesToModelB(sequence, 20)).to.equal(goesToModelB(sequence, 20));
      if (goesToModelB(sequence, 20)) expect(goesToModelB(sequence, 50)).to.equal(true);
    }
  });
});

describe("the active pointer", () => {
  it("is read as it was written", () => {
    expect(readPointer(JSON.stringify(FIRST_POINTER))).to.deep.equal(FIRST_POINTER);
  });

  for (const text of ["", "v2", "null", "{}", '{"version":2}', JSON.stringify({ ...FIRST_POINTER, more: 1 })]) {
    it(`is not ${text || "an empty text"}`, () => {
      expect(readPointer(text)).to.equal(undefined);
    });
  }
});
