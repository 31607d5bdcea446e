import { expect } from "chai";
import { missenseOf } from "../../../../lambda/evidence/sources/alphafold.js";
import { fixture } from "../../../support/replay.js";
import { asked, PROTEIN, SEQUENCE, short } from "./support/asking.js";

describe("The AlphaFold Database", () => {
  it("takes the model of the accession itself, not of an isoform, with pLDDT and AlphaMissense", async () => {
    const { answer } = await asked("alphafold", ["alphafold/model"]);

    expect(short(answer.rows)).to.deep.include.members([
      ["1-346", "predicted structure", "model AF-P50613-F1, mean pLDDT 82"],
      [1, "pLDDT", "40"],
      [41, "K41A", "AlphaMissense prediction", "0.9981 (LPath)"],
      [285, "T285M", "AlphaMissense prediction", "0.0912 (LBen)"],
    ]);
    expect(answer.rows.filter(({ kind }) => kind === "pLDDT")).to.have.length(SEQUENCE.length);
    expect(answer.rows[0]?.source_version).to.equal("v6, 2025-08-01");
  });

  it("names the parts that cannot be read, and keeps the others", async () => {
    const { answer } = await asked("alphafold", ["alphafold/incomplete"]);

    expect(short(answer.rows)).to.deep.equal([["1-346", "predicted structure", "model AF-P50613-F1, mean pLDDT 82"]]);
    expect(answer.note).to.equal(
      "pLDDT is missing: there is no such file; AlphaMissense is missing: line 2 of its table cannot be read",
    );
  });

  it("reads the names of before and after 2025", async () => {
    const [model = {}] = fixture("alphafold/elsewhere").exchanges[0]?.response.json as Record<string, unknown>[];
    const ask = (names: readonly string[]) =>
      asked("alphafold", [], {
        before: ({ next }) => {
          const left = Object.entries(model).filter(([name]) => ![...names, "plddtDocUrl"].includes(name));
          next.set("alphafold", [{ status: 200, json: [Object.fromEntries(left)] }]);
        },
      });

    const before = await ask(["sequence", "sequenceStart", "sequenceEnd", "modelEntityId"]);
    const after = await ask(["uniprotSequence", "uniprotStart", "uniprotEnd", "entryId"]);
    const neither = await ask(["sequenceStart", "uniprotStart"]);

    expect(short(before.answer.rows)).to.deep.equal(short(after.answer.rows)).and.to.have.length(1);
    expect(neither.answer).to.include({ status: "unavailable" });
  });

  it("calls no other host, whatever an answer names", async () => {
    const { answer, server } = await asked("alphafold", ["alphafold/elsewhere"]);

    expect(answer.note).to.equal("pLDDT is missing: its answer names an address at another host, which is not called");
    expect(server.seen).to.have.length(1);
  });

  it("has nothing for an accession of which there are models of isoforms only", async () => {
    const { answer } = await asked("alphafold", ["alphafold/model"], {
      protein: { ...PROTEIN, accession: "P50613" },
      before: ({ next }) => next.set("alphafold", [{ status: 200, json: [] }]),
    });

    expect(answer).to.include({ status: "not found", reason: "the AlphaFold Database has no model of P50613 itself" });
  });

  for (const table of ["", "a,b,c\nK41A,0.1,x", "protein_variant,am_pathogenicity,am_class\nK41A,1.5,LPath"]) {
    it(`refuses the table ${JSON.stringify(table)}`, () => {
      expect(() => missenseOf(table, "https://alphafold.ebi.ac.uk/x")).to.throw(/cannot be read|does not begin/);
    });
  }
});
