import { expect } from "chai";
import fc from "fast-check";
import { outputIdOf } from "../../contract/jobs.js";
import { readSubmission } from "../../lambda/shared/submissionInput.js";
import { pasted, protein, sitesOf, written } from "./support/arbitraries.js";

function idOf(input: Record<string, unknown>, version = "sha256:1"): string {
  return outputIdOf(readSubmission(input).request, version);
}

describe("outputIdOf", () => {
  it("is a UUID of version 8", () => {
    fc.assert(
      fc.property(protein, (sequence) => {
        expect(idOf({ sequence })).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it("is the same for any wrapping, case, header and name of the protein", () => {
    const examples = protein.chain((sequence) => fc.tuple(fc.constant(sequence), pasted(sequence), fc.string()));
    fc.assert(
      fc.property(examples, ([sequence, text, name]) => {
        expect(idOf({ sequence: text, name })).to.equal(idOf({ sequence }));
      }),
    );
  });

  it("is the same for variants in any order and notation, with duplicates", () => {
    const examples = protein.chain((sequence) =>
      fc
        .array(sitesOf(sequence, 5), { minLength: 1, maxLength: 5 })
        .chain((variants) =>
          fc.tuple(
            fc.constant(sequence),
            fc.tuple(...variants.map(written)),
            fc.tuple(...[...variants, ...variants].reverse().map(written)),
          ),
        ),
    );
    fc.assert(
      fc.property(examples, ([sequence, some, others]) => {
        const ids = [some, some.join(","), some.join(" "), others].map((variants) =>
          idOf({ sequence, variants, numbering_offset: 5 }),
        );
        expect(new Set(ids)).to.have.length(1);
      }),
    );
  });

  it("is the same for positions in any order, and for arguments that change nothing", () => {
    const sequence = "MKTVRQERLK";
    const plain = idOf({ sequence });

    expect(idOf({ sequence, positions: "4,1-2,3" })).to.equal(idOf({ sequence, positions: "1-4" }));
    expect(idOf({ sequence, positions: "6-10,1-5" })).to.equal(plain);
    expect(idOf({ sequence, scoring: "masked-marginals", numbering_offset: 0, joint: true })).to.equal(plain);
    expect(idOf({ sequence, allow_dna_letters: true })).to.equal(plain);
    expect(idOf({ sequence, variants: "K2A", joint: true })).to.equal(idOf({ sequence, variants: "K2A" }));
  });

  it("is different for each argument that changes the result", () => {
    const sequence = "MKTVRQERLK";
    const ids = [
      idOf({ sequence }),
      idOf({ sequence }, "sha256:2"),
      idOf({ sequence: `${sequence}A` }),
      idOf({ sequence, scoring: "wt-marginals" }),
      idOf({ sequence, positions: "1-4" }),
      idOf({ sequence, numbering_offset: 5 }),
      idOf({ sequence, variants: "K2A" }),
      idOf({ sequence, variants: "K2A;T3A" }),
      idOf({ sequence, variants: "K2A,T3A" }),
      idOf({ sequence, variants: "K2A;T3A", joint: true }),
    ];

    expect(new Set(ids)).to.have.length(ids.length);
  });

  it("does not change between releases: clients store ids", () => {
    expect(idOf({ sequence: "MKTV" })).to.equal("a4d86385-df19-8876-9af6-1601fcca81ea");
  });
});
