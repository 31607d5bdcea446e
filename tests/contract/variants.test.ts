import { expect } from "chai";
import fc from "fast-check";
import { InputError } from "../../contract/errors.js";
import { checkWildTypes, formatVariant, parseVariant, variantLabel } from "../../contract/variants.js";
import { protein, sitesOf, written } from "./support/arbitraries.js";

const offsets = fc.integer({ min: -1_000, max: 1_000 });

/** A protein, sites in it, and one notation of them. */
const examples = fc.tuple(protein, offsets).chain(([sequence, offset]) =>
  sitesOf(sequence, offset).chain((sites) =>
    fc.record({
      sequence: fc.constant(sequence),
      offset: fc.constant(offset),
      sites: fc.constant(sites),
      text: written(sites),
    }),
  ),
);

describe("parseVariant", () => {
  it("gives the same variant for every notation", () => {
    fc.assert(
      fc.property(examples, ({ sites, text }) => {
        const inOrder = [...sites].sort((a, b) => a.position - b.position);
        expect(parseVariant(text)).to.deep.equal(inOrder);
      }),
    );
  });

  it("gives the same variant for its canonical text and its HGVS label", () => {
    fc.assert(
      fc.property(examples, ({ text }) => {
        const variant = parseVariant(text);
        expect(parseVariant(formatVariant(variant))).to.deep.equal(variant);
        expect(parseVariant(variantLabel(variant))).to.deep.equal(variant);
      }),
    );
  });

  it("either returns a variant or throws an InputError with a short message, for any text", () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.stringMatching(/^(p\.)?[A-Za-z]{1,4}-?\d{1,30}[A-Za-z=*]{0,6}$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseVariant(text)).not.to.be.empty;
        } catch (error) {
          expect(error).to.be.instanceOf(InputError).with.property("code", "INVALID_VARIANT");
          expect((error as InputError).message.length).to.be.below(250);
        }
      }),
    );
  });

  for (const [text, kind] of [
    ["p.Lys10fs", "a frameshift"],
    ["K10fs*5", "a frameshift"],
    ["p.Lys10del", "a deletion"],
    ["K10-", "a deletion"],
    ["p.(Lys10-)", "a deletion"],
    ["p.Lys10_Leu12delinsAla", "a deletion-insertion"],
    ["p.Lys10_Leu11insAla", "an insertion"],
    ["p.Lys10dup", "a duplication"],
    ["p.Ter110GlnextTer17", "an extension"],
    ["p.Lys10Ter", "a stop"],
    ["K10*", "a stop"],
    ["K10A;K10R", "position 10 more than once"],
    ["K10X", "cannot be read"],
    ["K10", "cannot be read"],
    ["K10A;", "cannot be read"],
    ["", "cannot be read"],
  ] as const) {
    it(`refuses '${text}': ${kind}`, () => {
      expect(() => parseVariant(text))
        .to.throw(InputError, kind)
        .with.property("code", "INVALID_VARIANT");
    });
  }
});

describe("checkWildTypes", () => {
  it("accepts residues of the sequence, in any numbering", () => {
    fc.assert(
      fc.property(examples, ({ sequence, offset, text }) => {
        expect(() => {
          checkWildTypes([parseVariant(text)], sequence, offset);
        }).not.to.throw();
      }),
    );
  });

  it("only suggests an offset with which three or more sites match", () => {
    const shifted = protein.chain((sequence) =>
      fc.record({ sequence: fc.constant(sequence), sites: sitesOf(sequence, 37, 8), offset: fc.constant(37) }),
    );
    fc.assert(
      fc.property(shifted, ({ sequence, sites }) => {
        try {
          checkWildTypes([sites], sequence, 0);
        } catch (error) {
          const suggested = (error as InputError).details?.numbering_offset;
          if (suggested === undefined) return;
          expect(sites.length).to.be.at.least(3);
          expect(() => {
            checkWildTypes([sites], sequence, Number(suggested));
          }).not.to.throw();
        }
      }),
    );
  });

  const suggestedOffset = (texts: readonly string[], sequence: string): unknown => {
    try {
      checkWildTypes(texts.map(parseVariant), sequence, 0);
      return "fits";
    } catch (error) {
      return (error as InputError).details?.numbering_offset;
    }
  };

  it("suggests the offset on which three sites agree", () => {
    expect(suggestedOffset(["M11A", "K12A", "T13A"], "MKTVR")).to.equal(10);
  });

  it("suggests no offset for two sites", () => {
    expect(suggestedOffset(["M11A", "K12A"], "MKTVR")).to.be.undefined;
  });

  it("suggests no offset for one site that is named three times", () => {
    expect(suggestedOffset(["M11A", "M11C", "M11D"], "MKTVR")).to.be.undefined;
  });

  it("suggests no offset if several match", () => {
    expect(suggestedOffset(["A11C", "A12C", "A13C"], "AAAAAA")).to.be.undefined;
  });

  it("names the residue that it found", () => {
    expect(() => {
      checkWildTypes([parseVariant("M2A"), parseVariant("K9A")], "MKTVR", 0);
    }).to.throw(InputError, /position 2 is Lys \(K\), not Met \(M\); position 9 is outside the protein \(1 to 5\)/);
  });

  for (const [offset, range] of [
    [100, "101 to 105"],
    [-10, "-9 to -5"],
  ] as const) {
    it(`names the protein's positions in the caller's numbering: ${range}`, () => {
      expect(() => {
        checkWildTypes([parseVariant("K7A")], "MKTVR", offset);
      }).to.throw(InputError, `position 7 is outside the protein (${range}), not Lys (K)`);
    });
  }

  it("suggests no offset that invoke_endpoint refuses", () => {
    expect(suggestedOffset(["M1000002A", "K1000003A", "T1000004A"], "MKTVR")).to.be.undefined;
  });

  it("checks hundreds of thousands of sites", () => {
    const sites = Array.from({ length: 200_000 }, (_, index) => ({ wildType: "A", position: index + 9, mutant: "C" }));

    expect(() => {
      checkWildTypes([sites], "MKTVR", 0);
    }).to.throw(InputError, "and 199995 more");
  });
});
