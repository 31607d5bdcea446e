import { expect } from "chai";
import { SOURCES } from "../../../contract/evidence.js";
import { checkSources } from "../../../commands/sources/checkSources.js";
import { listSources } from "../../../commands/sources/listSources.js";
import { printed, type Printed } from "../../support/printed.js";
import { ReplayServer } from "../../support/replay.js";

/** An answer of each source about P50613. */
const FIXTURES = [
  "uniprot/entry",
  "variation/entry",
  "clinvar/gene",
  "alphafold/model",
  "rcsb/entities",
  "pubmed/gene",
  "opentargets/target",
  "trials/studies",
];

async function checked(json: boolean, before: (server: ReplayServer) => void = () => undefined): Promise<Printed> {
  const server = await ReplayServer.start(...FIXTURES);
  before(server);
  try {
    return await printed(() => checkSources({ accession: "P50613", json }, server.environment));
  } finally {
    await server.close();
  }
}

describe("vep sources check", () => {
  it("asks every source, and succeeds if all have rows that fit", async () => {
    const { code, text } = await checked(true);

    const { works, sources } = JSON.parse(text) as { works: boolean; sources: { source: string; status: string }[] };
    expect(sources.map(({ source, status }) => [source, status])).to.deep.equal(
      Object.keys(SOURCES).map((name) => [name, "ok"]),
    );
    expect([works, code]).to.deep.equal([true, 0]);
  });

  it("names the source that does not answer, and fails", async () => {
    const { code, text } = await checked(false, ({ next }) => next.set("rcsb", [{ status: 403 }]));

    expect(text).to.match(/^P50613 is CDK7\.$/m);
    expect(text).to.match(/^rcsb +unavailable +0 rows, 0 refused, \d+\.\d s \(403: it does not allow the request\)$/m);
    expect(text).to.match(/^uniprot +ok +9 rows, 1 refused/m);
    expect(text).to.match(/^trials +ok +2 rows, 0 refused, \d+\.\d s \(2 of 31 studies\)$/m);
    expect(code).to.equal(1);
  });

  it("says clearly where there is no network", async () => {
    const environment = { EVIDENCE_UNIPROT_URL: "http://127.0.0.1:9" };

    const { code, text } = await printed(() => checkSources({ accession: "P12345" }, environment));

    expect(text).to.match(
      /^UniProt: there is no connection.*this machine has no network, or UniProt is down\. No source was checked\.$/,
    );
    expect(code).to.equal(1);
  });

  it("refuses what is no accession", async () => {
    const error: unknown = await checkSources({ accession: "TP53" }, {}).catch((one: unknown) => one);

    expect(error).to.include({ name: "UsageError" });
  });
});

describe("vep sources list", () => {
  it("prints licence, rate and time of each source", async () => {
    const { text } = await printed(() => {
      listSources({ json: true });
      return undefined;
    });

    const { sources } = JSON.parse(text) as { readonly sources: readonly Record<string, unknown>[] };
    expect(sources.map(({ name }) => name)).to.deep.equal(Object.keys(SOURCES));
    expect(sources[2]).to.deep.include({
      group: "genomics",
      requests_per_second: 3,
      address_variable: "EVIDENCE_CLINVAR_URL",
    });
  });
});
