import { expect } from "chai";
import { renderHeatmap } from "../../client/terminal/heatmap.js";
import { renderProteins } from "../../client/terminal/proteinTable.js";
import { renderExtremes } from "../../client/terminal/variants.js";
import { effectsOf } from "../support/effects.js";

const lines = (text: string): string[] => text.split("\n");
const rowOf = (text: string, aminoAcid: string): string =>
  lines(text).find((line) => line.startsWith(`${aminoAcid}  `)) ?? "";

describe("renderHeatmap", () => {
  it("draws a row for each amino acid and a column for each position, and marks the wild type", () => {
    const text = renderHeatmap(effectsOf("MKT", { M: [0, -5, -5] }));
    expect(rowOf(text, "M")).to.equal("M  o@@");
    expect(lines(text).filter((line) => /^[A-Y] {2}/.test(line))).to.have.length(20);
  });

  it("numbers positions with the offset of the caller", () => {
    const text = renderHeatmap({ ...effectsOf("MKT"), numbering_offset: 100 });
    expect(lines(text)[0]).to.equal("   101");
  });

  it("marks cells that were not scored", () => {
    const text = renderHeatmap(effectsOf("MKT", { W: [null, 0.001, -5] }));
    expect(rowOf(text, "W")).to.equal("W  ? @");
  });

  it("labels the ends of the scale with three decimals, as every score that people read", () => {
    const text = renderHeatmap(effectsOf("MKT", { W: [-2.34567, -2.34567, -2.34567] }));
    expect(text).to.contain("llr -2.346 ").and.to.contain(" +2.346 ");
  });

  it("wraps at the width of the terminal and keeps every position", () => {
    const text = renderHeatmap(effectsOf("A".repeat(100)), { width: 53 });
    expect(Math.max(...lines(text).map((line) => line.length))).to.be.at.most(65);
    expect(
      lines(text)
        .filter((line) => line.startsWith("A  "))
        .join("")
        .replaceAll("A  ", ""),
    ).to.equal("o".repeat(100));
  });

  it("draws a protein of 5,000 residues in at most four blocks", () => {
    const text = renderHeatmap(effectsOf("A".repeat(5000)));
    expect(lines(text).filter((line) => line.startsWith("C  "))).to.have.length.at.most(4);
    expect(text).to.contain("positions, mean llr");
  });

  it("uses colours only where the terminal supports them", () => {
    const effects = effectsOf("MKT", { W: [-5, 5, 0.1] });
    expect(renderHeatmap(effects)).to.not.contain("\u001b");
    expect(renderHeatmap(effects, { colourLevel: 3 })).to.contain("\u001b[48;2;178;24;43m");
  });
});

describe("renderExtremes", () => {
  it("prints scores with three decimals and a sign, and no minus before zero", () => {
    const text = renderExtremes(effectsOf("MK", { A: [1.23456, -0.0001], C: [-9.87654, -1] }), 40);
    expect(text).to.contain("p.Met1Ala      +1.235");
    expect(text).to.contain("p.Lys2Ala      +0.000");
    expect(text).to.contain("p.Met1Cys      -9.877");
  });

  it("ranks substitutions, best and worst first, without the wild type's own cells", () => {
    const text = renderExtremes(effectsOf("MK", { A: [3, -9], C: [2, 1] }), 1);
    expect(lines(text)[1]).to.match(/p\.Met1Ala +\+3\.000 +p\.Lys2Ala +-9\.000/);
    expect(renderExtremes(effectsOf("MK"), 50)).to.not.contain("=");
  });
});

describe("renderProteins", () => {
  it("keeps its columns narrow where a name is long", () => {
    const protein = { name: "n".repeat(256), result: effectsOf("MKT"), file: "out/n.json" };
    const [, row = ""] = renderProteins([protein]).split("\n");
    expect(row).to.match(/^n{40}\.\.\. {2}3 {2}/);
    expect(row).to.match(/out\/n\.json$/);
  });
});
