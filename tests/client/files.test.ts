import { expect } from "chai";
import { resultFiles } from "../../client/files.js";

describe("resultFiles", () => {
  it("names files after proteins, without what file systems refuse", () => {
    expect(resultFiles(["insulin", "sp|P01308|INS_HUMAN", "../../etc/passwd", "日本", ""], "out")).to.deep.equal([
      "out/insulin.json",
      "out/sp_P01308_INS_HUMAN.json",
      "out/etc_passwd.json",
      "out/日本.json",
      "out/protein.json",
    ]);
  });

  it("numbers equal names, also where only the case differs", () => {
    expect(resultFiles(["a", "A", "a", "a-2"], "out")).to.deep.equal([
      "out/a.json",
      "out/A-2.json",
      "out/a-3.json",
      "out/a-2-2.json",
    ]);
  });

  it("shortens long names, and keeps them apart", () => {
    for (const letter of ["x", "日", "𠀀"]) {
      const names = resultFiles([letter.repeat(300), letter.repeat(300)], "out");
      expect(new Set(names)).to.have.length(2);
      expect(Math.max(...names.map((name) => Buffer.byteLength(name)))).to.be.at.most(255);
      expect(names.join("")).not.to.include("\ufffd");
    }
  });
});
