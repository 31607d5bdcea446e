import { gzipSync } from "node:zlib";
import { expect } from "chai";
import * as fc from "fast-check";
import { InputError, type ErrorCode } from "../../../contract/errors.js";
import { splitFasta } from "../../../contract/fasta.js";
import { cleanSequence } from "../../../contract/sequence.js";
import { fastaRecords, type FastaLimits, type FastaRecord } from "../../../lambda/shared/fastaRecords.js";

/** The bytes in chunks that end at the given places. */
async function* chunked(bytes: Buffer, ends: readonly number[] = []): AsyncGenerator<Buffer> {
  let start = 0;
  for (const end of [...ends].sort((a, b) => a - b)) {
    yield bytes.subarray(start, Math.max(end, start));
    start = Math.max(end, start);
  }
  yield await Promise.resolve(bytes.subarray(start));
}

async function read(content: string | Buffer, limits?: FastaLimits, ends?: readonly number[]): Promise<FastaRecord[]> {
  const found: FastaRecord[] = [];
  for await (const record of fastaRecords(chunked(Buffer.from(content), ends), limits)) found.push(record);
  return found;
}

async function refused(content: string | Buffer, limits?: FastaLimits): Promise<ErrorCode> {
  try {
    await read(content, limits);
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  throw new Error("the file was read");
}

/** What the rules for a text that is in memory make of it. */
function expected(text: string): { readonly name?: string; readonly result: string }[] {
  return splitFasta(text).map((record) => ({
    ...(record.name !== undefined && { name: record.name }),
    result: resultOf(record.text),
  }));
}

function resultOf(text: string): string {
  try {
    return cleanSequence(text).sequence;
  } catch (error) {
    if (error instanceof InputError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe("fastaRecords", () => {
  it("reads names, sequences and the lines on which records begin", async () => {
    expect(await read("\n>sp|P1 first\r\nMKT\r\nvrq\r\n\r\n>P2\nMK\n")).to.deep.equal([
      { index: 0, line: 2, name: "sp|P1", sequence: "MKTVRQ" },
      { index: 1, line: 6, name: "P2", sequence: "MK" },
    ]);
  });

  it("reports a record with a fault, and reads the others", async () => {
    const found = await read(`>a\nMKT\n>b\nMKB\n>c\n>d\n${"M".repeat(10_001)}\n>e\nVRQ`);
    expect(found.map((record) => ("error" in record ? record.error.code : record.sequence))).to.deep.equal([
      "MKT",
      "INVALID_RESIDUE",
      "EMPTY_SEQUENCE",
      "SEQUENCE_TOO_LONG",
      "VRQ",
    ]);
  });

  it("has the rules of splitFasta and cleanSequence wherever the chunks end, compressed or not", async () => {
    const parts = fc.constantFrom(
      ...[
        ">",
        ">P1 a",
        "MKT",
        "mk",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\t",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "é",
        "\u{1f9ec}",
        "X",
        "\u0000",
      ],
    );
    const texts = fc.array(parts, { maxLength: 40 }).map((some) => some.join(""));
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(120)), fc.boolean(), async (text, ends, compressed) => {
        fc.pre(text.trim() !== "");
        const bytes = compressed ? gzipSync(text) : Buffer.from(text);
        const found = await read(
          bytes,
          {},
          ends.map((end) => end % (bytes.length + 1)),
        );
        expect(found.map(({ index }) => index)).to.deep.equal(found.map((_, index) => index));
        expect(
          found.map((record) => ({
            ...(record.name !== undefined && { name: record.name }),
            result: "error" in record ? `${record.error.code} ${record.error.message}` : record.sequence,
          })),
        ).to.deep.equal(expected(text));
      }),
      { numRuns: 300 },
    );
  });

  it("does not keep the text of a record that is too long", async () => {
    const long = "MKTVRQERLK".repeat(300_000);
    const found = await read(`>a\nMK\n>long\n${long}\n>b\nVR\n`, {}, [1_000_000, 1_100_000, 2_000_000]);
    expect(found.map((record) => ("error" in record ? record.error.message : record.sequence))).to.deep.equal([
      "MK",
      "The sequence has 3000000 residues, the maximum is 10000; send a domain or a fragment.",
      "VR",
    ]);
  });

  it("refuses a record with a header of 2 MB, and reads the others", async () => {
    const found = await read(`>a ${"x".repeat(2_000_000)}\nMK\n>b\nVR\n`);
    expect(found.map((record) => ("error" in record ? record.error.code : record.sequence))).to.deep.equal([
      "SEQUENCE_TOO_LONG",
      "VR",
    ]);
  });

  it("ends at one record more than the limit, after the records before it", async () => {
    const records = fastaRecords(chunked(Buffer.from(">a\nM\n>b\nM\n>c\nM")), { maxRecords: 2 });
    expect((await records.next()).value).to.have.property("name", "a");
    expect((await records.next()).value).to.have.property("name", "b");
    expect(await records.next().catch((error: unknown) => error)).to.have.property("code", "FILE_TOO_LARGE");
  });

  it("refuses a small file that expands to a large one", async () => {
    expect(await refused(gzipSync("\n".repeat(1_000_000)), { maxTextBytes: 100_000 })).to.equal("FILE_TOO_LARGE");
  });

  it("refuses an incomplete and a damaged gzip file", async () => {
    const file = gzipSync(">a\nMKTVRQERLK\n");
    expect(await refused(file.subarray(0, -10))).to.equal("FILE_UNREADABLE");
    expect(await refused(Buffer.concat([file.subarray(0, 12), Buffer.alloc(20, 255)]))).to.equal("FILE_UNREADABLE");
  });

  for (const [what, content] of Object.entries({
    nothing: "",
    "white space": " \n\r\n",
    "a compressed nothing": gzipSync(""),
  })) {
    it(`refuses a file with ${what}`, async () => {
      expect(await refused(content)).to.equal("EMPTY_FILE");
    });
  }

  it("passes on an error of the source, and closes a source that it does not read to the end", async () => {
    let closed = false;
    async function* failing(): AsyncGenerator<Buffer> {
      try {
        yield await Promise.resolve(gzipSync(">a\nMK\n>b\nVR\n"));
        throw new Error("connection lost");
      } finally {
        closed = true;
      }
    }
    const error: unknown = await fastaRecords(failing(), { maxRecords: 9 })
      .next()
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).to.have.property("message", "connection lost");
    expect(closed).to.equal(true);
  });
});
