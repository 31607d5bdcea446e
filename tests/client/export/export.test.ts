import { parquetReadObjects } from "hyparquet";
import { expect } from "chai";
import { parquetOf } from "../../../client/export/parquet.js";
import { pngOf } from "../../../client/export/png.js";
import { picture } from "../../../client/report/picture.js";
import { reportData } from "../../../client/report/reportData.js";
import { effectsOf } from "../../support/effects.js";

const result = effectsOf("MKT", { W: [2.5, null, -3] });
const percentiles = result.heatmap.map((row) => row.map((llr) => (llr === null || llr === 0 ? null : 50)));
const data = reportData({ ...result, percentiles }, "mine");

describe("a result as Parquet", () => {
  it("has a row for each scored substitution, in the columns of the result store", async () => {
    const bytes = parquetOf(data);
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows).to.have.length(3 * 19 - 1);
    expect(Object.keys(rows[0] ?? {})).to.deep.equal([
      ...["name", "model", "revision", "weights", "scoring"],
      ...["position", "wild_type", "mutant", "hgvs", "llr", "percentile"],
    ]);
    expect(rows.find(({ hgvs }) => hgvs === "p.Met1Trp")).to.deep.include({
      ...{ name: "mine", weights: "synthetic", position: 1, wild_type: "M", mutant: "W", llr: 2.5, percentile: 50 },
    });
    expect(rows.map(({ position }) => position as number)).to.deep.equal(
      rows.map(({ position }) => position as number).toSorted((a, b) => a - b),
    );
  });
});

describe("a picture as PNG", () => {
  const size = (png: Uint8Array): number[] => {
    const view = new DataView(png.buffer, png.byteOffset);
    return [view.getUint32(16), view.getUint32(20)];
  };
  const sizeOfSvg = (svg: string): number[] =>
    [/ width="(\d+)"/, / height="(\d+)"/].map((pattern) => Number(pattern.exec(svg)?.[1]));

  it("is twice as large as the SVG, and drawn", async () => {
    const svg = picture(data);
    const png = await pngOf(svg);
    expect([...png.slice(0, 8)]).to.deep.equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(size(png)).to.deep.equal(sizeOfSvg(svg).map((side) => 2 * side));
    expect(png.length).to.be.greaterThan(2_000);
  });

  it("of a long protein is smaller than the largest picture that programs open", async () => {
    const long =
      '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="20000"><rect width="9" height="9"/></svg>';
    expect(size(await pngOf(long))).to.deep.equal([82, 16_384]);
  });
});
