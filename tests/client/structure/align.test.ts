import { expect } from "chai";
import fc from "fast-check";
import { align } from "../../../client/structure/align.js";
import { protein } from "../../contract/support/arbitraries.js";

const PROTEIN = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVV";
const columns = (first: number, last: number): number[] => Array.from({ length: last - first }, (_, at) => first + at);

describe("align", () => {
  it("finds a part of the protein wherever it begins and ends", () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.integer({ min: 8, max: 30 }), (first, length) => {
        const part = PROTEIN.slice(first, first + length);
        expect(align(part, PROTEIN)).to.deep.equal(columns(first, first + part.length));
      }),
    );
  });

  it("passes over residues that the structure lacks, and leaves a tag without a position", () => {
    const chain = `GSHM${PROTEIN.slice(5, 25)}${PROTEIN.slice(45)}`;
    const expected = [null, null, null, null, ...columns(5, 25), ...columns(45, PROTEIN.length)];
    expect(align(chain, PROTEIN)).to.deep.equal(expected);
  });

  it("leaves an insertion without positions, and aligns a residue that differs", () => {
    const chain = `${PROTEIN.slice(0, 30)}GGSGGS${PROTEIN.slice(30)}`.replace("KQRQ", "KARX");
    const expected = [...columns(0, 30), ...Array.from({ length: 6 }, () => null), ...columns(30, PROTEIN.length)];
    expect(align(chain, PROTEIN)).to.deep.equal(expected);
  });

  it("gives ascending columns of the protein for any two sequences, and all of equal ones", () => {
    fc.assert(
      fc.property(protein, protein, (chain, other) => {
        const found = align(chain, other).filter((column) => column !== null);
        expect(found).to.deep.equal([...new Set(found)].sort((a, b) => a - b));
        expect(found.every((column) => column >= 0 && column < other.length)).to.equal(true);
        expect(align(chain, chain)).to.deep.equal(columns(0, chain.length));
      }),
    );
  });

  it("finds nothing in nothing", () => {
    expect(align("", "MKT")).to.deep.equal([]);
    expect(align("WWW", "AAA")).to.deep.equal([null, null, null]);
  });
});
