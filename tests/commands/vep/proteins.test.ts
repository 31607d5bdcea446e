import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { UsageError } from "../../../commands/command.js";
import { nameOf, proteinsOf } from "../../../commands/vep/proteins.js";
import { uniprotRecord } from "../../../commands/vep/uniprot.js";
import { isAccession } from "../../../contract/accession.js";

describe("the proteins of vep", () => {
  let folder: string;
  let uniprot: Server;
  let asked: string[];
  let answer: { status: number; text: string };
  const options = (): { folder: string; address: string } => ({
    folder,
    address: `http://127.0.0.1:${(uniprot.address() as AddressInfo).port}`,
  });

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "vep-"));
    asked = [];
    answer = { status: 200, text: ">sp|P01308|INS_HUMAN Insulin\nMALWMRLLPL\n" };
    uniprot = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(answer.status).end(answer.text);
    });
    await new Promise<void>((listening) => {
      uniprot.listen(0, "127.0.0.1", listening);
    });
  });
  afterEach(() => {
    uniprot.close();
    rmSync(folder, { recursive: true });
  });

  it("are sequences and the records of files, in order", async () => {
    const file = path.join(folder, "two.fasta");
    writeFileSync(file, ">a\nMKT\n>b\nMKV\n");
    const proteins = await proteinsOf(["MKL", file]);
    expect(proteins.map(({ name }) => name)).to.deep.equal([undefined, "a", "b"]);
  });

  for (const [text, message] of [
    ["missing.fasta", /there is no file 'missing\.fasta'/],
    ["MKX", /the sequence is invalid.*'X' at position 3/],
    ["ACGTACGTACGTACGTACGTACGTACGTACGT", /the sequence is invalid.*Translate it first/],
    ["a\\b", /there is no file/],
  ] as const) {
    it(`refuse ${text} and say why`, async () => {
      expect(await refusal(proteinsOf([text]))).to.match(message);
    });
  }

  for (const text of [">x v1.2/3\\nMKT", "MKT\\nVRQ"]) {
    it(`refuse a literal \\n, and take it for no file: ${text}`, async () => {
      expect(await refusal(proteinsOf([text]))).to.match(/the sequence is invalid.*a literal \\n/i);
    });
  }

  it("can be pasted FASTA, whatever its header has", async () => {
    expect(await proteinsOf([">sp|P1 v1.2 a/b\nMKT"])).to.have.length(1);
  });

  it("can have the letters of DNA where that is allowed", async () => {
    expect(await proteinsOf(["ACGT".repeat(8)], true)).to.deep.equal([{ text: "ACGT".repeat(8) }]);
  });

  it("have a name of their own where none is given", () => {
    expect(nameOf({ name: "a", text: "MKT" })).to.equal("a");
    expect(nameOf({ text: "MKT" }))
      .to.match(/^protein-[\da-f]{8}$/)
      .and.to.equal(nameOf({ text: "mk\nt" }));
    expect(nameOf({ text: "MKT" })).to.not.equal(nameOf({ text: "MKV" }));
    // What the tools take as a name.
    expect(nameOf({ name: "n".repeat(300), text: "MKT" })).to.equal("n".repeat(256));
  });

  it("tell accessions from sequences", () => {
    for (const text of ["P01308", "Q9H9S0", "A0A024R1R8", "P01308-2"]) expect(isAccession(text), text).to.equal(true);
    for (const text of ["MKTAYI", "P0130", "p01308", "PROTEIN"]) expect(isAccession(text), text).to.equal(false);
  });

  it("are fetched from UniProt once", async () => {
    expect(await uniprotRecord("P01308", options())).to.equal(answer.text);
    expect(await uniprotRecord("P01308", options())).to.equal(answer.text);
    expect(asked).to.deep.equal(["/P01308.fasta"]);
  });

  it("are fetched again where half a record is kept, and used where none can be kept", async () => {
    writeFileSync(path.join(folder, "P01308.fasta"), "");
    expect(await uniprotRecord("P01308", options())).to.equal(answer.text);
    writeFileSync(path.join(folder, "file"), "");
    const unwritable = { ...options(), folder: path.join(folder, "file", "uniprot") };
    expect(await uniprotRecord("P01308", unwritable)).to.equal(answer.text);
    expect(asked).to.have.length(2);
  });

  it("say so where UniProt stops in the middle of an answer", async () => {
    uniprot.removeAllListeners("request").on("request", (_, response: ServerResponse) => {
      response.writeHead(200, { "Content-Length": 100 }).write(">sp|P01308", () => response.destroy());
    });
    expect(await refusal(uniprotRecord("P01308", options()))).to.match(/could not be reached for P01308 \(/);
  });

  for (const [what, status, text, message] of [
    ["an unknown accession", 404, "", /no entry P01308/],
    ["a deleted entry", 200, "", /deleted or merged/],
    ["a fault of UniProt", 503, "busy", /answered 503/],
  ] as const) {
    it(`refuse ${what}, and keep nothing of it`, async () => {
      answer = { status, text };
      const refused = await refusal(uniprotRecord("P01308", options()));
      expect(refused).to.match(message).and.to.include("FASTA file");
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  }

  it("say so where UniProt cannot be reached", async () => {
    const { address } = options();
    await new Promise((closed) => uniprot.close(closed));
    const refused = await refusal(uniprotRecord("P01308", { folder, address }));
    expect(refused).to.match(/could not be reached for P01308 \(.*ECONNREFUSED/);
  });
});

/** Text of the usage error with which a promise is rejected. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(UsageError);
  return (error as UsageError).message;
}
