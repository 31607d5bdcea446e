import { expect } from "chai";
import { readdirSync } from "node:fs";
import path from "node:path";
import { SOURCES, type SourceName } from "../../../../contract/evidence.js";
import { SOURCE_TABLE, sourceNamed } from "../../../../lambda/evidence/sources/table.js";
import { fixture } from "../../../support/replay.js";
import { asked, expectProvenance, PROTEIN } from "./support/asking.js";

/** What each source answers with when all is well. */
const GOOD: Readonly<Record<SourceName, readonly string[]>> = {
  uniprot: ["uniprot/entry"],
  variation: ["variation/entry"],
  clinvar: ["clinvar/gene"],
  alphafold: ["alphafold/model"],
  rcsb: ["rcsb/entities"],
  pubmed: ["pubmed/gene"],
  opentargets: ["opentargets/target"],
  trials: ["trials/studies"],
};

const NAMES = Object.keys(SOURCES) as SourceName[];
const FIXTURES = path.join(import.meta.dirname, "..", "..", "..", "fixtures");
const { sequence } = PROTEIN;

describe("The table of sources", () => {
  it("has each source of the contract, with a licence, terms, a rate, and addresses of HTTPS only", () => {
    expect(Object.keys(SOURCE_TABLE)).to.deep.equal(NAMES);
    for (const source of Object.values(SOURCE_TABLE)) {
      expect(source.licence, source.name).to.match(/\S/);
      for (const address of [source.terms, ...source.hosts]) expect(address).to.match(/^https:\/\/[\w.-]+(\/\S*)?$/);
      for (const host of source.hosts) expect(new URL(host).origin).to.equal(host);
      expect(source.rate.perSecond, source.name).to.be.within(0.1, 10);
      expect(source.ttlSeconds).to.be.within(3_600, 30 * 86_400);
    }
    expect(sourceNamed("toString")).to.equal(undefined);
  });

  it("has fixtures that all say where they come from", () => {
    const files = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
    expect(files.length).to.be.greaterThan(20);
    for (const file of files) {
      const { origin, exchanges } = fixture(file.replace(/\.json$/, ""));
      expect(origin.kind, file).to.be.oneOf(["recorded", "synthetic"]);
      expect(origin.note, file).to.match(/\w{3}/);
      expect(exchanges, file).to.not.have.length(0);
    }
  });
});

for (const name of NAMES) {
  describe(`The source ${name}`, () => {
    it("gives rows that all say where they are from", async () => {
      const { answer } = await asked(name, GOOD[name]);

      expect(answer).to.include({ source: name, status: "ok" });
      expect(answer.rows).to.not.have.length(0);
      for (const row of [...answer.rows, ...answer.refused.map(({ row }) => row)]) expectProvenance(row);
    });

    it("never sends the sequence, and says who asks", async () => {
      const { server } = await asked(name, GOOD[name]);

      for (const { url, body, headers } of server.seen) {
        for (let start = 0; start + 8 <= sequence.length; start += 1) {
          expect(url + body).to.not.include(sequence.slice(start, start + 8));
        }
        expect(headers["user-agent"]).to.match(/^amplify-vep\//);
      }
    });

    it("is not asked about a protein of which nothing is known but its sequence", async () => {
      const { answer, server } = await asked(name, [], { protein: { sequence } });

      expect(answer).to.include({ status: "not asked" });
      expect(answer.reason).to.match(/accession|gene/);
      expect([answer.rows, answer.refused, server.seen]).to.deep.equal([[], [], []]);
    });

    for (const [response, reason] of [
      [{ status: 429, headers: { "Retry-After": "3600" } }, "429: too many requests, it can be asked again in 3600 s"],
      [{ status: 403 }, "403: it does not allow the request"],
      [{ status: 200, text: "<html>Down for maintenance</html>" }, "its answer is not JSON"],
      [{ status: 200, json: {} }, /^its answer does not have the expected form: /],
      [{ status: 200, json: { unexpected: [1, 2] } }, /^its answer does not have the expected form: /],
    ] as const) {
      it(`is unavailable, without rows, for ${JSON.stringify(response)}`, async () => {
        const { answer } = await asked(name, [], { before: ({ next }) => next.set(name, [response]) });

        expect(answer).to.include({ source: name, status: "unavailable" });
        expect(answer.reason).to.match(typeof reason === "string" ? new RegExp(`^${reason}$`) : reason);
        expect([answer.rows, answer.refused]).to.deep.equal([[], []]);
      });
    }
  });
}
