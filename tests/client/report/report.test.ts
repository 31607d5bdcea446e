import { expect } from "chai";
import { find } from "../../../client/report/search.js";
import { picture, printedPictures } from "../../../client/report/picture.js";
import { renderReport } from "../../../client/report/renderReport.js";
import { ROW_ORDERS, rowsBy } from "../../../client/report/rows.js";
import { csvOf, describe as describeCell } from "../../../client/report/table.js";
import { ranked, substitutionAt } from "../../../client/substitutions.js";
import { DataError } from "../../../client/dataError.js";
import { reportData, type ReportData } from "../../../client/report/reportData.js";
import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import { InputError } from "../../../contract/errors.js";
import { effectsOf } from "../../support/effects.js";
import { reportOf } from "../../support/report.js";

describe("a report's table", () => {
  const data = reportOf(40);

  it("ranks all scored substitutions, best first, without wild types and cells that were not scored", () => {
    const substitutions = ranked(data);
    expect(substitutions).to.have.length(40 * 19 - 1);
    const scores = substitutions.map(({ llr }) => llr);
    expect(scores).to.deep.equal(scores.toSorted((a, b) => b - a));
    expect(substitutions.some(({ wildType, mutant }) => wildType === mutant)).to.equal(false);
  });

  it("describes a substitution, the wild type, and a cell that was not scored", () => {
    const wildType = { row: AMINO_ACIDS.indexOf(data.sequence.charAt(4)), column: 4 };
    expect(describeCell(substitutionAt(data, wildType))).to.match(/^p\.\w{3}5=: the wild type$/);
    expect(describeCell(substitutionAt(data, { row: 19, column: 39 }))).to.match(/: not scored$/);
    expect(describeCell(substitutionAt(data, { row: 3, column: 5 }))).to.match(/llr [+-]\d\.\d{3}, percentile \d+\.\d/);
  });

  it("writes CSV that says the numbers as the result has them", () => {
    const cell = substitutionAt(data, { row: 3, column: 5 });
    const [header, line, end] = csvOf([cell]).split("\r\n");
    expect(header).to.equal("position,wild_type,mutant,hgvs,llr,percentile");
    expect(line).to.equal(`6,${cell.wildType},E,${cell.hgvs},${cell.llr ?? ""},${cell.percentile ?? ""}`);
    expect(end).to.equal("");
  });

  it("counts positions as the caller does", () => {
    const shifted: ReportData = { ...data, offset: 100 };
    expect(substitutionAt(shifted, { row: 0, column: 0 }).position).to.equal(101);
  });

  it("refuses a result without percentiles, and says what to do", () => {
    expect(() => reportData(effectsOf("MKT"), "old")).to.throw(DataError, /Submit the protein again/);
  });
});

describe("a report's search", () => {
  const data: ReportData = { ...reportOf(40), offset: 10 };
  const wildType = data.sequence.charAt(4);

  it("finds a variant in both notations, in the caller's numbering", () => {
    const { hgvs } = substitutionAt(data, { row: 0, column: 4 });
    for (const text of [`${wildType}15A`, hgvs]) {
      expect(find(data, text)).to.deep.equal({ first: 4, last: 4, cells: [{ row: 0, column: 4 }] });
    }
  });

  it("finds all sites of a multiple mutant, positions and ranges", () => {
    expect(find(data, `${wildType}15A;${data.sequence.charAt(20)}31C`).cells).to.have.length(2);
    expect(find(data, "15")).to.deep.equal({ first: 4, last: 4, cells: [] });
    expect(find(data, `${wildType}15`)).to.deep.include({ first: 4, last: 4 });
    expect(find(data, "15-20")).to.deep.equal({ first: 4, last: 9, cells: [] });
  });

  for (const [text, code] of [
    ["5", "INVALID_POSITIONS"],
    ["15-99", "INVALID_POSITIONS"],
    ["hello", "INVALID_VARIANT"],
    [`${wildType === "W" ? "A" : "W"}15A`, "WILD_TYPE_MISMATCH"],
  ] as const) {
    it(`refuses ${text} with ${code}`, () => {
      expect(() => find(data, text))
        .to.throw(InputError)
        .with.property("code", code);
    });
  }
});

describe("a report's rows", () => {
  for (const [order, letters] of Object.entries(ROW_ORDERS)) {
    it(`by ${order} have each residue once`, () => {
      expect(Array.from(letters).sort().join("")).to.equal(AMINO_ACIDS);
      expect(rowsBy(order as keyof typeof ROW_ORDERS)).to.have.length(20);
    });
  }
});

describe("a report's picture", () => {
  it("draws every cell once: a square in the colour of its score, or a dot", () => {
    const svg = picture(reportOf(130));
    expect(svg.match(/M\d+(\.\d+)? \d+h10v10h-10z/g)).to.have.length(130 * 19);
    // One more dot stands in the legend.
    expect(svg.match(/<circle /g)).to.have.length(130 + 1);
  });

  it("is printed in blocks: each cell once, one title, one legend", () => {
    const svg = printedPictures(reportOf(230), "property");
    expect(svg.match(/<svg /g)).to.have.length(3);
    expect(svg.match(/M\d+(\.\d+)? \d+h10v10h-10z/g)).to.have.length(230 * 19);
    expect(svg.match(/\(230 residues\)/g)).to.have.length(1);
    expect(svg.match(/Grey: not scored/g)).to.have.length(1);
  });

  it("has a title that fits, and below it whether the weights are synthetic, in every size and on the first block", () => {
    for (const length of [1, 30, 230]) {
      const svg = picture(reportOf(length, `sp|P01308|${"long_".repeat(60)}`));
      const [, width = "", title = ""] = /width="(\d+)"[^]*?font-size="13">([^<]+)/.exec(svg) ?? [];
      // No letter of a sans-serif font is wider than three quarters of its size on average.
      expect(title.length * 13 * 0.6).to.be.lessThan(Number(width));
      expect(title).to.match(new RegExp(`^sp\\|P01308\\|long_.*\\.\\.\\. \\(${length} residues\\)$`));
      expect(svg).to.include(`<title>sp|P01308|${"long_".repeat(60)}:`);
      expect(svg.match(/Synthetic weights: these numbers say nothing about the protein/g)).to.have.length(1);
    }
    expect(printedPictures(reportOf(230), "property").match(/Synthetic weights/g)).to.have.length(1);
    const data = reportOf(30);
    expect(picture({ ...data, model: { ...data.model, weights: "pretrained" } })).not.to.include("Synthetic");
    expect(picture(data)).to.include(">Made-up protein (30 residues)<");
  });

  it("keeps a name from becoming markup", () => {
    const svg = picture(reportOf(3, '<script>"&'));
    expect(svg).to.include("&lt;script&gt;&quot;&amp;").and.not.to.include("<script");
  });
});

describe("renderReport", () => {
  it("keeps a name from becoming markup, in the text, the title and the data", async () => {
    const html = await renderReport(reportOf(3, "</script><img src=x onerror=alert(1)>"));
    expect(html).not.to.include("<img src=x");
    expect(html.match(/<script/g)).to.have.length(2);
    expect(html.match(/<\/script>/g)).to.have.length(2);
  });

  it("warns of synthetic weights, and of nothing else", async () => {
    const data = reportOf(3);
    expect(await renderReport(data)).to.match(/role="note">Synthetic weights/);
    const pretrained = { ...data, model: { ...data.model, weights: "pretrained" as const } };
    expect(await renderReport(pretrained)).not.to.include('role="note"');
  });

  it("stays under 1 MB for 500 residues, and loads nothing", async () => {
    const html = await renderReport(reportOf(500));
    expect(Buffer.byteLength(html)).to.be.lessThan(1_000_000);
    expect(html).not.to.match(/(?:src|href)="?https?:/);
    expect(html).to.include("default-src 'none'");
  });
});
