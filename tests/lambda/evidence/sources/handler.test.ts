import { expect } from "chai";
import type { ResolvedProtein, SourceAnswer } from "../../../../contract/evidence.js";
import { fixture } from "../../../support/replay.js";
import { PROTEIN, SEQUENCE } from "./support/asking.js";
import { at, inWorld } from "./support/sourcesWorld.js";

describe("An accession", () => {
  it("is resolved to sequence, gene, organism and target, with the version of the entry", () =>
    inWorld(["uniprot/entry"], async (world) => {
      const answer = await world.resolve("P50613", { name: "my protein" });

      const facts = {
        accession: "P50613",
        gene: "CDK7",
        taxon: "9606",
        ensembl_gene: "ENSG00000134058",
        version: "2026_03, entry version 246, sequence version 1",
        name: "my protein",
      };
      expect(answer).to.deep.equal({ status: "ok", protein: { ...facts, sequence_length: 346 } });
      expect(world.read("evidence/w/protein.json")).to.deep.equal({ ...facts, sequence: SEQUENCE });
      expect(world.log).to.include("An accession was resolved");
      expect(JSON.stringify(answer) + world.log).to.not.include(SEQUENCE.slice(0, 10));
    }));

  it("of an isoform has its sequence, and the facts of its entry", () =>
    inWorld(["uniprot/isoform"], async (world) => {
      const { protein } = await world.resolve("P50613-2");

      expect(protein).to.include({ accession: "P50613-2", gene: "CDK7", sequence_length: 306 });
      expect((world.read("evidence/w/protein.json") as ResolvedProtein).sequence).to.equal(
        SEQUENCE.slice(0, 99) + SEQUENCE.slice(139),
      );
    }));

  it("keeps the caller's own sequence, with which rows are compared", () =>
    inWorld(["uniprot/entry"], async (world) => {
      world.objects.set("evidence/w/own.txt", `${SEQUENCE.slice(10)}\n`);

      const { protein } = await world.resolve("P50613", { sequence: at("evidence/w/own.txt") });
      await world.ask("uniprot");

      expect(protein?.sequence_length).to.equal(336);
      const { rows, refused } = world.read("evidence/w/a.json") as SourceAnswer;
      expect(rows.filter(({ start }) => start !== undefined)).to.deep.equal([]);
      expect(refused.length).to.be.greaterThan(5);
    }));

  for (const [accession, recorded, reason, replaced] of [
    ["A4FU41", "uniprot/merged", "A4FU41 was merged into A6QL63: ask for that", ["A6QL63"]],
    ["P00001", "uniprot/split", "P00001 was split into P99999, P99998: ask for one of them", ["P99999", "P99998"]],
    [
      "A0A008APQ8",
      "uniprot/deleted",
      "A0A008APQ8 was deleted from UniProt: Not part of a reference proteome",
      undefined,
    ],
    ["Q00000", "uniprot/missing", "UniProt has no entry Q00000", undefined],
  ] as const) {
    it(`that is gone is named: ${reason}`, () =>
      inWorld([recorded], async (world) => {
        const answer = await world.resolve(accession);
        const again = await world.resolve(accession);

        expect(answer).to.deep.equal({
          status: "not found",
          reason,
          ...(replaced && { replaced_by: [...replaced] }),
        });
        expect(again).to.deep.equal(answer);
        expect(world.objects.size).to.equal(0);
      }));
  }

  it("that redirects without a body is named by where it redirects to", () =>
    inWorld([], async (world) => {
      world.server.next.set("uniprot", [{ status: 303, headers: { Location: "/uniprotkb/Q12345?from=P12345" } }]);

      expect(await world.resolve("P12345")).to.deep.include({ replaced_by: ["Q12345"], status: "not found" });
    }));

  it("that UniProt answers with another entry is not taken for it", () =>
    inWorld(["uniprot/entry"], async (world) => {
      const { exchanges } = fixture("uniprot/entry");
      world.server.next.set("uniprot", [exchanges[0]?.response ?? { status: 500 }]);

      expect(await world.resolve("P12345")).to.deep.include({ replaced_by: ["P50613"] });
    }));

  it("is unavailable, not missing, while UniProt is down, and is found when it is back", () =>
    inWorld(["uniprot/entry"], async (world) => {
      world.server.next.set("uniprot", [{ status: 503, headers: { "Retry-After": "60" } }]);

      const down = await world.resolve("P50613");
      world.clock.time += 60_000;

      expect(down).to.include({ status: "unavailable" });
      expect(await world.resolve("P50613")).to.include({ status: "ok" });
    }));

  for (const accession of ["", "P5061", "BRCA1", "p50613", "P50613; DROP", "../P50613", "P50613-"]) {
    it(`is refused if it is none: '${accession}'`, () =>
      inWorld([], async (world) => {
        const error: unknown = await world.resolve(accession).catch((one: unknown) => one);

        expect(error).to.include({ name: "InputError", code: "INVALID_INPUT" });
        expect(world.server.seen).to.deep.equal([]);
      }));
  }
});

describe("The function of sources", () => {
  it("writes the answer of a source, and returns what it counts", () =>
    inWorld(["uniprot/entry"], async (world) => {
      world.objects.set("evidence/w/protein.json", JSON.stringify(PROTEIN));

      const summary = await world.ask("uniprot");

      expect(summary).to.deep.equal({
        source: "uniprot",
        status: "ok",
        rows: 9,
        refused: 1,
        output: at("evidence/w/a.json"),
      });
      expect((world.read("evidence/w/a.json") as SourceAnswer).rows).to.have.length(9);
      expect(world.log).to.include("A source was asked").and.to.not.include(SEQUENCE.slice(0, 10));
    }));

  it("asks a source once for the same protein, and checks the rows against each sequence", () =>
    inWorld(["variation/entry"], async (world) => {
      world.objects.set("evidence/w/protein.json", JSON.stringify(PROTEIN));
      await world.ask("variation");
      world.objects.set("evidence/w/protein.json", JSON.stringify({ ...PROTEIN, sequence: `MMMMM${SEQUENCE}` }));

      const summary = await world.ask("variation");

      expect(world.server.seen).to.have.length(1);
      expect(summary).to.include({ rows: 0, refused: 6 });
    }));

  it("returns a source that is not there as data", () =>
    inWorld([], async (world) => {
      world.objects.set("evidence/w/protein.json", JSON.stringify(PROTEIN));
      world.server.next.set("trials", [{ status: 429, headers: { "Retry-After": "300" } }]);

      expect(await world.ask("trials")).to.deep.include({
        status: "unavailable",
        reason: "429: too many requests, it can be asked again in 300 s",
        rows: 0,
      });
    }));

  for (const [name, task] of [
    ["a source that does not exist", { task: "source", source: "drugbank" }],
    ["a task that does not exist", { task: "guess" }],
    ["a task without what it needs", { task: "source", source: "uniprot" }],
  ] as const) {
    it(`refuses ${name}`, () =>
      inWorld([], async (world) => {
        const places = name.includes("source that") ? { protein: at("a"), output: at("b"), share_sequence: false } : {};

        const error: unknown = await world.run({ ...task, ...places }).catch((one: unknown) => one);

        expect(error).to.be.an.instanceOf(Error);
        expect(world.objects.size).to.equal(0);
      }));
  }

  it("fails, so that the task is tried again, if the protein is not in the bucket", () =>
    inWorld([], async (world) => {
      const error: unknown = await world.ask("uniprot").catch((one: unknown) => one);

      expect(error).to.include({ name: "ToolError" });
    }));
});
