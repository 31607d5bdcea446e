import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEMO_SEQUENCE, parseDemoOptions, UsageError } from "../../../commands/demo/options.js";

describe("the demo's command line", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "demo-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const fasta = (content: string): string => {
    const file = path.join(folder, "proteins.fasta");
    writeFileSync(file, content);
    return file;
  };

  it("scores the 65 residues of the README where nothing is given", () => {
    const options = parseDemoOptions([]);
    expect(options.proteins).to.deep.equal([{ text: DEMO_SEQUENCE }]);
    expect(DEMO_SEQUENCE).to.have.length(65);
    expect(options).to.include({ model: undefined, scoring: "masked-marginals", out: "out" });
  });

  it("takes every record of a FASTA file", () => {
    const { proteins } = parseDemoOptions(["--fasta", fasta(">a\nMKT\n>b\nVRQ\n"), "--scoring", "wt-marginals"]);
    expect(proteins.map(({ name }) => name)).to.deep.equal(["a", "b"]);
  });

  for (const [why, args, message] of [
    ["an unknown option", ["--sequnce", "MKT"], /--sequnce[\s\S]*Usage:/],
    ["both inputs", ["--sequence", "MKT", "--fasta", "f"], /not both/],
    ["an unknown scoring", ["--scoring", "best"], /--scoring best.*masked-marginals or wt-marginals/],
    ["a file that is not there", ["--fasta", "nowhere.fasta"], /nowhere\.fasta.*ENOENT/],
  ] as const) {
    it(`refuses ${why}`, () => {
      expect(() => parseDemoOptions(args)).to.throw(UsageError, message);
    });
  }

  it("refuses an empty file", () => {
    expect(() => parseDemoOptions(["--fasta", fasta("\n")])).to.throw(UsageError, /empty/);
  });
});
