import { expect } from "chai";
import type { ResolvedProtein } from "../../../../contract/evidence.js";
import { stars } from "../../../../lambda/evidence/sources/clinvar.js";
import { fixture } from "../../../support/replay.js";
import { asked, PROTEIN, short } from "./support/asking.js";

const { sequence } = PROTEIN;

describe("UniProtKB", () => {
  it("gives a row for each feature, and for each alternative of a variant, with its articles", async () => {
    const { answer } = await asked("uniprot", ["uniprot/entry"]);

    expect(short(answer.rows)).to.deep.include.members([
      ["12-295", "domain", "Protein kinase"],
      ["18-26", "binding site", "ATP"],
      [170, "modified residue", "Phosphothreonine (PubMed 10000001)"],
      [285, "T285M", "natural variant", "T to M: in dbSNP:rs34584424 [VAR_000001]"],
      [41, "K41A", "mutagenesis", "K to A: Abolishes activity. (PubMed 10000002)"],
      [41, "K41M", "mutagenesis", "K to M: Abolishes activity. (PubMed 10000002)"],
      ["155-156", "sequence conflict", "missing: Sequence conflict"],
      ["-", "propeptide", "made up, to have a position that is not known (position ? to 5, not exact)"],
    ]);
    expect(answer.rows[0]?.source_version).to.equal("2026_03, entry version 246");
    expect(answer.refused.map(({ reason }) => reason)).to.deep.equal(["the source numbers it by isoform P50613-2"]);
  });

  it("refuses an entry whose stated length is not that of its sequence", async () => {
    const { answer } = await asked("uniprot", ["uniprot/broken"]);

    expect(answer.status).to.equal("unavailable");
    expect(answer.reason).to.include("features.0.location").and.to.include("length");
  });
});

describe("The Proteins API", () => {
  it("gives where variants were seen, how often, and what others say of them", async () => {
    const { answer } = await asked("variation", ["variation/entry"]);

    expect(short(answer.rows)).to.deep.include.members([
      [285, "T285M", "variant seen", "T to M (missense): dbSNP rs34584424, gnomAD rs34584424"],
      [285, "T285M", "clinical significance", "T to M: Benign (Ensembl, ClinVar)"],
      [285, "T285M", "population frequency", "T to M: 0.0098 (gnomAD MAF)"],
      [285, "T285M", "prediction", "T to M: SIFT tolerated 0.2"],
      ["41-42", "variant seen", "KK to - (inframe deletion)"],
    ]);
  });

  it("is unavailable for the form of 2019, and has nothing where there is no variant", async () => {
    const old = { ...PROTEIN, accession: "P05067" };

    const { answer } = await asked("variation", ["variation/old-form"], { protein: old });
    const missing = await asked("variation", ["variation/missing"]);

    expect(answer.status).to.equal("unavailable");
    expect(answer.reason).to.include("features.1.clinicalSignificances: Invalid input: expected array");
    expect(missing.answer).to.include({ status: "not found", reason: "the Proteins API has no variants of P50613" });
  });
});

describe("ClinVar", () => {
  it("gives its words with stars and date, and refuses what does not fit", async () => {
    const { answer } = await asked("clinvar", ["clinvar/gene"]);
    const values = answer.rows.map(({ value }) => value.replace(/ \[.*/, ""));

    expect(values).to.deep.equal([
      "Benign; 2 stars (criteria provided, multiple submitters, no conflicts); last evaluated 2025-03-14; not provided",
      "Uncertain significance; 1 star (criteria provided, single submitter); last evaluated 2025-03-14; Inborn genetic diseases, not provided",
      "Likely oncogenic; 1 star (criteria provided, single submitter); last evaluated 2026-01-02; Neoplasm",
      "Pathogenic; 0 stars (no assertion criteria provided); no date of evaluation; not provided",
      "Conflicting classifications of pathogenicity; 1 star (criteria provided, conflicting classifications); last evaluated 2025-03-14; not provided",
      "Likely pathogenic; a review status of the future; last evaluated 2025-03-14; not provided",
    ]);
    expect(answer.rows.map(({ variant, start }) => variant ?? start)).to.deep.equal([
      "T285M",
      "K41R",
      "K41R",
      170,
      "R11G",
      undefined,
    ]);
    expect(answer.refused.map(({ reason }) => reason)).to.deep.equal([
      "position 20 is E in the sequence, W in the source",
    ]);
    expect(answer.rows[0]?.url).to.equal("https://www.ncbi.nlm.nih.gov/clinvar/variation/100001/");
  });

  it("reads a record as it was recorded", async () => {
    const protein = { gene: "APOE", taxon: "9606", sequence: `${"A".repeat(129)}C` };

    const { answer } = await asked("clinvar", ["clinvar/recorded-record"], { protein });

    expect(short(answer.rows)).to.deep.equal([
      [
        130,
        "C130R",
        "germline classification",
        "Conflicting classifications of pathogenicity; other; risk factor; 1 star (criteria provided, conflicting classifications); last evaluated 2025-09-10; Alzheimer disease 2 [NM_000041.4(APOE):c.388T>C (p.Cys130Arg)]",
      ],
    ]);
  });

  it("is unavailable for the form before 2024, and for a search that fails", async () => {
    const old = await asked("clinvar", ["clinvar/old-form"]);
    const fault = await asked("clinvar", ["clinvar/fault"]);

    expect(old.answer.reason).to.include("germline_classification is missing");
    expect(fault.answer.reason).to.equal("its search failed: Search Backend failed: Database is not supported");
    expect([old.answer.status, fault.answer.status]).to.deep.equal(["unavailable", "unavailable"]);
  });

  it("says how many records were not read", async () => {
    const { answer } = await asked("clinvar", ["clinvar/gene"], {
      before: ({ next }) => {
        const [info, search] = fixture("clinvar/gene").exchanges;
        const json = structuredClone(search?.response.json) as { esearchresult: { count: string } };
        json.esearchresult.count = "20345";
        next.set("clinvar", [info?.response ?? { status: 500 }, { status: 200, json }]);
      },
    });

    expect(answer.note).to.equal("the first 6 of 20345 records of CDK7");
  });

  it("leaves out records that ClinVar itself cannot read, and says so", async () => {
    const [info, search, summary] = fixture("clinvar/gene").exchanges.map(({ response }) => response);
    const json = structuredClone(summary?.json) as { result: Record<string, unknown> };
    json.result["100001"] = { uid: "100001", error: "cannot get document summary" };

    const { answer } = await asked("clinvar", [], {
      before: ({ next }) => {
        next.set("clinvar", [info ?? { status: 500 }, search ?? { status: 500 }, { status: 200, json }]);
      },
    });

    expect(answer).to.include({ status: "ok", note: "1 records that ClinVar itself could not read" });
    expect(answer.rows).to.have.length(5);
  });

  for (const [protein, reason] of [
    [{ sequence, accession: "P50613" }, "it is asked by gene, and none is known for this protein"],
    [{ sequence, gene: "CDK7", taxon: "10090" }, "it has variants of human genes only"],
    [{ sequence, gene: 'X" OR "1', taxon: "9606" }, "the name of the gene cannot be searched for"],
  ] as readonly [ResolvedProtein, string][]) {
    it(`is not asked about ${protein.gene ?? "a protein without a gene"} of ${protein.taxon ?? "no species"}`, async () => {
      const { answer } = await asked("clinvar", [], { protein });

      expect(answer).to.include({ status: "not asked", reason });
    });
  }

  it("has stars for the words that it documents, and none for others", () => {
    expect(stars("practice guideline")).to.equal(4);
    expect(stars("Reviewed by expert panel")).to.equal(3);
    expect(stars("no assertion criteria provided")).to.equal(0);
    expect(stars("a review status of the future")).to.equal(undefined);
  });
});

describe("The Protein Data Bank", () => {
  it("gives the region of the protein that a structure shows, mutations or not", async () => {
    const { answer } = await asked("rcsb", ["rcsb/entities"]);

    expect(short(answer.rows)).to.deep.equal([
      ["1-346", "structure", "1UA2 (x-ray diffraction, 3.02 Å): Crystal structure of human CDK7"],
      ["1-120", "structure", "9XYZ (electron microscopy, 2.5 Å, mutations K41R): A made-up complex"],
    ]);
    expect(answer.rows.map(({ source_version: version }) => version)).to.deep.equal([
      "revised 2024-10-30",
      "revised 2026-01-07",
    ]);
    expect(answer.note).to.equal("3 of 60 structures");
  });

  it("gets the sequence only if the caller allows it", async () => {
    const protein = { sequence };

    const { answer, server } = await asked("rcsb", ["rcsb/entities"], { protein, sharesSequence: true });
    const kept = await asked("rcsb", [], { protein });

    expect(server.seen[0]?.body).to.include(sequence);
    expect(answer.rows.map(({ start }) => start)).to.deep.equal([undefined, undefined]);
    expect(kept.answer.reason).to.include("only if the caller allows it (share_sequence)");
  });

  it("has nothing for a search without hits, and is unavailable for a query that is refused", async () => {
    const none = await asked("rcsb", ["rcsb/none"]);
    const refused = await asked("rcsb", ["rcsb/refused"]);

    expect(none.answer).to.include({
      status: "not found",
      reason: "the Protein Data Bank has no structure of P50613",
    });
    expect(refused.answer.reason).to.equal("it refuses the query: Validation error: field is undefined");
  });
});

describe("The other sources", () => {
  it("give titles, dates and links of articles, and say which are retracted", async () => {
    const { answer, server } = await asked("pubmed", ["pubmed/gene"]);

    expect(short(answer.rows)).to.deep.equal([
      ["-", "article", "A variant of CDK7 in cells. Journal of examples, 2024 Mar 5 (PubMed 30000001)"],
      ["-", "article", "RETRACTED: Mutation of CDK7. Journal of examples, 2021 (PubMed 30000002)"],
    ]);
    expect(answer.note).to.equal("the 2 most relevant of 123 articles");
    // The tool that gives abstracts is efetch.
    expect(server.seen.map(({ url }) => /eutils\/(\w+)/.exec(url)?.[1])).to.deep.equal([
      "einfo",
      "esearch",
      "esummary",
    ]);
  });

  it("give drugs and candidates with the stage of their development", async () => {
    const { answer } = await asked("opentargets", ["opentargets/target"]);
    const unknown = await asked("opentargets", ["opentargets/unknown"]);
    const refused = await asked("opentargets", ["opentargets/refused"]);

    expect(short(answer.rows)).to.deep.equal([
      ["-", "drug or clinical candidate", "EXAMPLICIB (Small molecule), highest clinical stage phase 2"],
    ]);
    expect(unknown.answer).to.include({ status: "not found" });
    expect(refused.answer.reason).to.match(/^it refuses the query: Cannot query field/);
  });

  it("give studies with their status, and refuse a study without a number", async () => {
    const { answer } = await asked("trials", ["trials/studies"]);
    const broken = await asked("trials", ["trials/broken"]);

    expect(short(answer.rows)).to.deep.equal([
      ["-", "clinical study", "A study of a CDK7 inhibitor (active not recruiting; phase1, phase2)"],
      ["-", "clinical study", "An observation (completed)"],
    ]);
    expect(broken.answer.reason).to.include("studies.0.protocolSection.identificationModule.nctId");
  });
});
