import { expect } from "chai";
import fc from "fast-check";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { InputError } from "../../contract/errors.js";
import { MAX_SEQUENCE_LENGTH } from "../../contract/limits.js";
import { cleanSequence } from "../../contract/sequence.js";
import { pasted, protein } from "./support/arbitraries.js";

describe("cleanSequence", () => {
  it("gives the same residues for any wrapping, case and header", () => {
    const examples = protein.chain((sequence) => fc.tuple(fc.constant(sequence), pasted(sequence)));
    fc.assert(
      fc.property(examples, ([sequence, text]) => {
        expect(cleanSequence(text).sequence).to.equal(sequence);
      }),
    );
  });

  it("does not change a clean sequence", () => {
    fc.assert(
      fc.property(protein, (sequence) => {
        expect(cleanSequence(cleanSequence(sequence).sequence)).to.deep.equal({ sequence });
      }),
    );
  });

  it("either returns standard residues or throws an InputError, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        try {
          expect(cleanSequence(text).sequence).to.match(new RegExp(`^[${AMINO_ACIDS}]+$`));
        } catch (error) {
          expect(error).to.be.instanceOf(InputError);
        }
      }),
    );
  });

  it("names the position of an invalid residue, counted without line breaks", () => {
    const examples = fc.tuple(protein, protein, fc.constantFrom("B", "J", "O", "U", "X", "Z", "*", "-", "7", "\u00e9"));
    fc.assert(
      fc.property(examples, ([before, after, character]) => {
        expect(() => cleanSequence(`${before}\n${character}${after}`)).to.throw(
          InputError,
          `'${character}' at position ${before.length + 1}`,
        );
      }),
    );
  });

  it("does not turn other letters into residues by upper case", () => {
    for (const letter of ["\u00df", "\ufb01", "\u017f", "\u0131"]) {
      expect(() => cleanSequence(`MK${letter}T`), letter)
        .to.throw(InputError)
        .with.property("code", "INVALID_RESIDUE");
    }
  });

  it("accepts the maximum length, and not one residue more", () => {
    expect(cleanSequence("A".repeat(MAX_SEQUENCE_LENGTH)).sequence).to.have.length(MAX_SEQUENCE_LENGTH);
    expect(() => cleanSequence("A".repeat(MAX_SEQUENCE_LENGTH + 1)))
      .to.throw(InputError)
      .with.property("code", "SEQUENCE_TOO_LONG");
  });
});
