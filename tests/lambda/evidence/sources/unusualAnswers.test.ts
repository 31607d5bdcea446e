import { expect } from "chai";
import type { SourceAnswer, SourceName } from "../../../../contract/evidence.js";
import { fixture } from "../../../support/replay.js";
import { asked, expectProvenance, PROTEIN, SEQUENCE, short } from "./support/asking.js";
import { inWorld } from "./support/sourcesWorld.js";

type Json = Record<string, unknown>;

/** Asks a source whose answers are those of a fixture, the last of them changed: the forms are legal, but unusual. */
async function changed(name: SourceName, recorded: string, change: (json: Json) => unknown): Promise<SourceAnswer> {
  const responses = fixture(recorded).exchanges.map(({ response }) => response);
  const last = responses.pop();
  const { answer } = await asked(name, [], {
    before: ({ next }) => {
      next.set(name, [...responses, { status: 200, json: change(structuredClone(last?.json) as Json) }]);
    },
  });
  for (const row of [...answer.rows, ...answer.refused.map(({ row: refused }) => refused)]) expectProvenance(row);
  return answer;
}

describe("Legal answers that are unusual", () => {
  it("of UniProt: entries without genes, organism, features and comments, as unreviewed ones are", async () => {
    const answer = await changed(
      "uniprot",
      "uniprot/entry",
      ({ entryType, primaryAccession, entryAudit, sequence }) => ({
        ...{ entryType, primaryAccession, entryAudit, sequence },
        ...{ genes: null, organism: null, features: null, comments: null, uniProtKBCrossReferences: null },
      }),
    );

    expect(answer).to.deep.include({ status: "ok", rows: [], refused: [] });
  });

  it("of UniProt: references whose ids have other characters, which nobody asks for", async () => {
    const answer = await changed("uniprot", "uniprot/entry", (json) => ({
      ...json,
      uniProtKBCrossReferences: [
        { database: "PATRIC", id: "fig|83333.111.peg.1" },
        { database: "GeneWiki", id: "PTEN_(gene)" },
        { database: "UCSC", id: "uc003jvs.5 human" },
      ],
    }));

    expect(answer.status, answer.reason).to.equal("ok");
  });

  it("of UniProt: positions that are not known, and an id of a gene that Open Targets does not have", () =>
    inWorld(["uniprot/entry"], async (world) => {
      const json = structuredClone(fixture("uniprot/entry").exchanges[0]?.response.json) as Json;
      json["features"] = [
        { type: "Signal", location: { start: { value: null, modifier: "UNKNOWN" }, end: { modifier: "UNKNOWN" } } },
      ];
      json["uniProtKBCrossReferences"] = [{ database: "OpenTargets", id: "ENSG00000134058.5" }];
      world.server.next.set("uniprot", [{ status: 200, json }]);

      const { status, protein } = await world.resolve("P50613");
      const drugs = await world.ask("opentargets");

      expect(status).to.equal("ok");
      expect(protein).to.not.have.property("ensembl_gene");
      expect(drugs.status).to.equal("not asked");
    }));

  for (const [accession, isoformSequenceStatus, expected] of [
    ["P50613-1", "Displayed", { status: "ok", accession: "P50613", sequence_length: SEQUENCE.length }],
    ["P50613-3", "Displayed", { status: "not found", reason: "UniProt has no isoform P50613-3" }],
  ] as const) {
    it(`of UniProt: ${accession} of an entry whose isoform P50613-1 is its own sequence`, () =>
      inWorld(["uniprot/entry"], async (world) => {
        const json = structuredClone(fixture("uniprot/entry").exchanges[0]?.response.json) as Json;
        const isoforms = [{ isoformIds: ["P50613-1"], isoformSequenceStatus }];
        json["comments"] = [{ commentType: "FUNCTION" }, { commentType: "ALTERNATIVE PRODUCTS", isoforms }];
        world.server.next.set("uniprot", [{ status: 200, json }]);

        const { protein, ...answer } = await world.resolve(accession);

        expect({ ...answer, ...protein }).to.deep.include(expected);
        expect(world.server.seen.map(({ url }) => url)).to.deep.equal(["/uniprotkb/P50613.json"]);
      }));
  }

  it("of the Proteins API: what is not known is null or left out, positions may be uncertain", async () => {
    const answer = await changed("variation", "variation/entry", (json) => ({
      ...json,
      sequenceVersion: null,
      features: [
        { type: "VARIANT", begin: "~12", end: "?", xrefs: null, predictions: null },
        {
          ...{ type: "VARIANT", begin: "41", end: "41", wildType: "K", mutatedType: null, alternativeSequence: "R" },
          populationFrequencies: [{ populationName: "MAF", frequency: null, source: "gnomAD" }],
          clinicalSignificances: [{ type: "Benign", sources: null }, { type: null }],
        },
      ],
    }));

    expect(answer.status, answer.reason).to.equal("ok");
    expect(short(answer.rows)).to.deep.equal([
      ["-", "variant seen", "? to ? (VARIANT)"],
      [41, "K41R", "variant seen", "K to R (VARIANT)"],
      [41, "K41R", "clinical significance", "K to R: Benign"],
    ]);
  });

  it("of ClinVar: classifications that are null, and a search that finds nothing", async () => {
    const nulls = await changed("clinvar", "clinvar/gene", ({ result, ...json }) => {
      const records = result as Record<string, Json>;
      records["100001"] = {
        ...records["100001"],
        oncogenicity_classification: null,
        clinical_impact_classification: null,
      };
      return { ...json, result: records };
    });
    const [info] = fixture("clinvar/gene").exchanges.map(({ response }) => response);
    const esearchresult = { count: "0", idlist: [], errorlist: { phrasesnotfound: ["CDK7[gene]"] } };
    const none = await asked("clinvar", [], {
      before: ({ next }) => next.set("clinvar", [info ?? { status: 500 }, { status: 200, json: { esearchresult } }]),
    });

    expect(nulls.status, nulls.reason).to.equal("ok");
    expect(nulls.rows[0]?.variant).to.equal("T285M");
    expect(none.answer).to.deep.include({ status: "ok", rows: [] });
  });

  it("of the AlphaFold Database: several models of one protein, of which the first is shown", async () => {
    const answer = await changed("alphafold", "alphafold/elsewhere", (json) => {
      const [model = {}] = json as unknown as Json[];
      const bare = { ...model, plddtDocUrl: null, amAnnotationsUrl: "", globalMetricValue: null };
      return [bare, { ...bare, modelEntityId: "AF-P50613-F2", entryId: "AF-P50613-F2" }];
    });

    expect(answer.status, answer.reason).to.equal("ok");
    expect(answer.rows).to.have.length(1);
    expect(answer.note).to.equal("the first of 2 models");
  });

  it("of the Protein Data Bank: entities without alignment, sequence, title, method and resolution", async () => {
    const bare = {
      ...{ rcsb_id: "1UA2_1", entity_poly: null, rcsb_polymer_entity: null, rcsb_polymer_entity_align: null },
      entry: {
        ...{ rcsb_id: "1UA2", struct: null, exptl: null, rcsb_entry_info: null },
        rcsb_accession_info: { revision_date: null, initial_release_date: null },
      },
    };
    const answer = await changed("rcsb", "rcsb/entities", () => ({ data: { polymer_entities: [null, bare] } }));

    expect(short(answer.rows)).to.deep.equal([["-", "structure", "1UA2: no title"]]);
  });

  it("of PubMed: chapters of books, which have no title of an article and no journal", async () => {
    const answer = await changed("pubmed", "pubmed/gene", ({ result, ...json }) => {
      const records = result as Record<string, Json>;
      records["30000001"] = {
        uid: "30000001",
        title: "",
        booktitle: "GeneReviews",
        fulljournalname: "",
        pubdate: "1993",
      };
      records["30000002"] = {
        uid: "30000002",
        source: "J Ex",
        fulljournalname: "",
        pubdate: "",
        sortpubdate: "1993/01/02 00:00",
      };
      return { ...json, result: records };
    });

    expect(answer.rows.map(({ value }) => value)).to.deep.equal([
      "GeneReviews 1993 (PubMed 30000001)",
      "no title J Ex, 1993-01-02 (PubMed 30000002)",
    ]);
  });

  it("of Open Targets and ClinicalTrials.gov: no drugs, studies without phase, date and total", async () => {
    const target = { id: PROTEIN.ensembl_gene, approvedSymbol: "CDK7" };
    const drugs = await changed("opentargets", "opentargets/target", ({ data }) => ({
      data: { ...(data as Json), target: { ...target, drugAndClinicalCandidates: null } },
    }));
    const some = await changed("opentargets", "opentargets/target", ({ data }) => ({
      data: {
        ...(data as Json),
        target: {
          ...target,
          drugAndClinicalCandidates: { count: 2, rows: [{ drug: null }, { maxClinicalStage: null }] },
        },
      },
    }));
    const studies = await changed("trials", "trials/studies", () => ({
      nextPageToken: "more",
      studies: [
        {
          protocolSection: {
            identificationModule: { nctId: "NCT00000001", briefTitle: "A study" },
            statusModule: { overallStatus: "UNKNOWN", lastUpdatePostDateStruct: null },
          },
        },
      ],
    }));

    expect([drugs.status, drugs.rows, some.rows]).to.deep.equal(["ok", [], []]);
    expect(short(studies.rows)).to.deep.equal([["-", "clinical study", "A study (unknown)"]]);
    expect(studies.note).to.equal("the first 1 studies");
  });
});
