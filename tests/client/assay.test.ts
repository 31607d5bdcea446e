import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readAssay, validate } from "../../client/assay.js";
import { DataError } from "../../client/dataError.js";
import { llrOf, scoresOf } from "../../client/substitutions.js";
import { formatVariant, parseVariant } from "../../contract/variants.js";
import { effectsOf } from "../support/effects.js";

const ABETA = fileURLToPath(new URL("../../examples/assays/abeta42-nucleation.csv", import.meta.url));

describe("an assay", () => {
  it("is read in the columns of ProteinGym, with the protein of its variants", () => {
    const assay = readAssay(
      "mutant,mutated_sequence,DMS_score,DMS_score_bin\nK2A,MAT,0.5,1\nK2A:T3V,MAV,-1,0\nM1L,LKT,NA,0\n",
    );
    expect(assay.sequence).to.equal("MKT");
    expect(
      assay.measured.map(({ variant, score, functional }) => [formatVariant(variant), score, functional]),
    ).to.deep.equal([
      ["K2A", 0.5, true],
      ["K2A;T3V", -1, false],
    ]);
    expect(assay.skipped).to.deep.equal([{ row: 3, reason: "no measurement" }]);
  });

  it("is read in the columns of MaveDB, without what is not scored", () => {
    const rows = ["p.Lys2Ala,1", "p.Lys2Ter,-3", "p.=,0", "_wt,0", "p.Lys2=,0", "p.[Lys2Ala;Thr3Val],NA", "p.Lys2fs,1"];
    const { measured, skipped, sequence } = readAssay(["hgvs_pro,score", ...rows].join("\n"));
    expect(measured).to.have.length(1);
    expect(sequence).to.equal(undefined);
    expect(skipped.map(({ row }) => row)).to.deep.equal([2, 3, 4, 5, 6, 7]);
    expect(skipped.map(({ reason }) => reason).join()).to.match(
      /a stop.*the wild type.*synonymous.*no measurement.*a frameshift/,
    );
  });

  it("can have other columns, and says which are missing", () => {
    const text = "name,y\nK2A,1\n";
    expect(readAssay(text, { column: "name", scoreColumn: "y" }).measured).to.have.length(1);
    expect(() => readAssay(text)).to.throw(DataError, /no column mutant, .*it has 'name', 'y'.*--column/);
    expect(() => readAssay(text, { column: "name" })).to.throw(DataError, /--score-column/);
    expect(() => readAssay("mutant,DMS_score\n")).to.throw(DataError, /no row/);
  });

  it("of Abeta42 is the published one: 468 missense variants, the whole protein", () => {
    const { measured, skipped } = readAssay(readFileSync(ABETA, "utf8"));
    expect([measured.length, skipped.length]).to.deep.equal([468, 0]);
    const sites = new Map(measured.flatMap(({ variant }) => variant.map((site) => [site.position, site.wildType])));
    expect(
      [...sites]
        .sort(([a], [b]) => a - b)
        .map(([, residue]) => residue)
        .join(""),
    ).to.equal("DAEFRHDSGYEVHHQKLVFFAEDVGSNKGAIIGLMVGGVVIA");
  });
});

describe("a validation", () => {
  const scores = scoresOf(effectsOf("MKT", { A: [-1, 3, 2], C: [-4, 0.5, -6], D: [1, null, 0] }));
  const assay = readAssay(
    "mutant,DMS_score\nM1A,-1\nK2A,3\nT3A,2\nM1C,-4\nK2C,0.5\nT3C,-6\nM1D,1\nK2D,9\nK2A:T3A,8\nT3D,0\nT3*,0",
  );

  it("is perfect where the assay equals the llr, and leaves out what has none", () => {
    const { top_recall: top, ...rest } = validate(assay, scores);
    expect(rest).to.deep.include({ variants: 9, skipped: 2, auc: 1, auc_threshold: "median" });
    expect(rest.spearman).to.be.closeTo(1, 1e-12);
    expect(rest.spearman_interval?.high).to.be.closeTo(1, 1e-12);
    expect(top).to.deep.include({ best: 1, found: 1, recall: 1 });
  });

  it("takes the assay's own division for the AUC where it has one", () => {
    const binned = readAssay("mutant,DMS_score,DMS_score_bin\nM1A,0,1\nK2A,0.1,0\nT3A,0.2,0");
    expect(validate(binned, scores)).to.deep.include({ auc: 0, auc_threshold: "DMS_score_bin" });
  });

  it("sums the sites of multiple mutants", () => {
    expect(llrOf(scores, parseVariant("K2A;T3A"))).to.equal(5);
    expect(llrOf(scores, parseVariant("K2D;T3A"))).to.equal(null);
    expect(llrOf({ ...scores, offset: 10 }, parseVariant("K12A"))).to.equal(3);
  });
});
