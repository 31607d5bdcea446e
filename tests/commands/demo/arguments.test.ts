import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UsageError } from "../../../commands/command.js";
import { DEMO_SEQUENCE, fastaProteins, prepareFolder, singleProtein } from "../../../commands/demo/arguments.js";

describe("the demo's arguments", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "demo-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const fasta = (content: string | Buffer): string => {
    const file = path.join(folder, "proteins.fasta");
    writeFileSync(file, content);
    return file;
  };

  it("are one protein of 65 residues where none is given", () => {
    expect(singleProtein(DEMO_SEQUENCE)).to.deep.equal({ text: DEMO_SEQUENCE });
    expect(DEMO_SEQUENCE).to.have.length(65);
  });

  it("are every record of a FASTA file", () => {
    expect(fastaProteins(fasta(">a\nMKT\n>b\nVRQ\n")).map(({ name }) => name)).to.deep.equal(["a", "b"]);
  });

  for (const [why, text, message] of [
    ["holds no residues", ">a\n", /--sequence.*empty/],
    ["holds other letters", "MKX", /--sequence.*'X' at position 3/],
    ["holds several records", ">a\nMK\n>b\nMK", /--sequence.*2 FASTA records/],
  ] as const) {
    it(`refuse a sequence that ${why}`, () => {
      expect(() => singleProtein(text)).to.throw(UsageError, message);
    });
  }

  for (const [why, content, message] of [
    ["is empty", "\n", /proteins\.fasta.*empty/],
    ["is not text", Buffer.from([0, 159, 146, 150]), /Record 1: .*binary/],
    [
      "has a bad record, which it names",
      ">a\nMKT\n>b second\nMK1T\n",
      /Record b: .*'1' at position 3 .*remove line numbers/,
    ],
    ["has several bad records, which it counts", ">a\nMKT\n>b\n\n>c\n1\n>\n2\n", /Record b: .*\(2 more records/],
  ] as const) {
    it(`refuse a FASTA file that ${why}`, () => {
      expect(() => fastaProteins(fasta(content))).to.throw(UsageError, message);
    });
  }

  it("refuse a file that does not exist", () => {
    expect(() => fastaProteins("nowhere.fasta")).to.throw(UsageError, /nowhere\.fasta.*ENOENT/);
  });

  it("refuse a folder that cannot be made", () => {
    expect(() => {
      prepareFolder(path.join(fasta("MK"), "out"));
    }).to.throw(UsageError, /--out.*ENOTDIR/);
  });
});
