import { expect } from "chai";
import { splitFasta } from "../../contract/fasta.js";

describe("splitFasta", () => {
  it("takes a file without headers as one protein", () => {
    expect(splitFasta("MKT\nVRQ\n")).to.deep.equal([{ text: "MKT\nVRQ\n" }]);
  });

  it("splits records at their headers, whatever the line ends, and keeps each whole", () => {
    const records = splitFasta(">sp|P1 first protein\r\nMKT\r\n\r\n>P2\r\nVRQ\r\n");
    expect(records.map(({ name }) => name)).to.deep.equal(["sp|P1", "P2"]);
    expect(records[1]?.text).to.equal(">P2\r\nVRQ\r\n");
  });

  it("finds no record in a blank file", () => {
    expect(splitFasta(" \n\n")).to.deep.equal([]);
  });
});
