import { expect } from "chai";
import { splitFasta } from "../../contract/fasta.js";

describe("splitFasta", () => {
  it("reads a file without headers as one record", () => {
    expect(splitFasta("MKT\nVRQ\n")).to.deep.equal([{ text: "MKT\nVRQ\n" }]);
  });

  it("splits records at their headers, with any line ends, and keeps their text", () => {
    const records = splitFasta(">sp|P1 first protein\r\nMKT\r\n\r\n>P2\r\nVRQ\r\n");
    expect(records.map(({ name }) => name)).to.deep.equal(["sp|P1", "P2"]);
    expect(records[1]?.text).to.equal(">P2\r\nVRQ\r\n");
  });

  it("gives no name to a record with an empty header", () => {
    expect(splitFasta(">\nMKT\n>P2\nVRQ").map(({ name }) => name)).to.deep.equal([undefined, "P2"]);
  });

  it("finds headers after white space or a byte order mark", () => {
    const records = splitFasta("\ufeff>P1\nMKT\n  >P2\nVRQ");
    expect(records.map(({ name }) => name)).to.deep.equal(["P1", "P2"]);
  });

  it("does not split at a line separator inside a header", () => {
    expect(splitFasta(">P1 first\u2028>second\nMKT")).to.have.length(1);
  });

  it("finds no record in a file with only white space", () => {
    expect(splitFasta(" \n\n")).to.deep.equal([]);
  });
});
