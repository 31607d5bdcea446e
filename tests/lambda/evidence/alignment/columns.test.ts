import { expect } from "chai";
import fc from "fast-check";
import { alignedInfos, columnOf, columnsOf, positionAt } from "../../../../lambda/evidence/alignment/columns.js";

/** Rows of residues and gaps, with at least one residue. */
const gapped = fc
  .array(fc.constantFrom("A", "K", "W", "-", "-"), { minLength: 1, maxLength: 200 })
  .map((letters) => letters.join(""))
  .filter((row) => /[A-Z]/.test(row));

describe("positions and columns", () => {
  it("lead back to each other in 1,000 random rows", () => {
    fc.assert(
      fc.property(gapped, (row) => {
        const length = row.replaceAll("-", "").length;
        for (let position = 1; position <= length; position++) {
          const column = columnOf(row, position);
          expect(positionAt(row, column)).to.equal(position);
          expect(row.charAt(column - 1)).to.equal(row.replaceAll("-", "").charAt(position - 1));
        }
        const found = Array.from(row, (_, index) => positionAt(row, index + 1)).filter((one) => one !== undefined);
        expect(found).to.deep.equal(columnsOf(row).map((_, index) => index + 1));
      }),
      { numRuns: 1_000, seed: 15 },
    );
  });

  it("place what is after the last residue in the gap behind it, or on it where there is none", () => {
    expect(columnOf("AK--", 3)).to.equal(3);
    expect(columnOf("A-K", 3)).to.equal(3);
    expect(() => columnOf("AK", 4)).to.throw(RangeError, "outside of the sequence of 2 residues");
    expect(positionAt("A-K", 2)).to.equal(undefined);
    expect(positionAt("A-K", 4)).to.equal(undefined);
  });

  it("are added to variants, and sequences that could not be made stay as they are", () => {
    const variant = {
      variant_id: "v",
      genomic_seq_id: "X",
      genomic_start_pos: 1,
      genomic_end_pos: 1,
      genomic_ref_seq: "A",
      genomic_alt_seq: "C",
      seq_length: 1,
      seq_substitution_type: "substitution" as const,
      seq_start_pos: 2,
      seq_end_pos: 3,
      embedded_ref_seq_len: 1,
      embedded_alt_seq_len: 1,
    };
    const infos = { good_alt: { embedded_variants: [variant] }, bad_alt: { error: "lost" }, good_ref: {} };

    expect(alignedInfos(infos, [{ name: "good_alt", aligned: "A--KW" }])).to.deep.equal({
      ...infos,
      good_alt: { embedded_variants: [{ ...variant, alignment_start_pos: 4, alignment_end_pos: 5 }] },
    });
  });
});
