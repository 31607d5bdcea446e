import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { RangeFile } from "../../../../lambda/evidence/genome/byteFile.js";
import { fileSource, httpSource, s3Source } from "../../../../lambda/evidence/genome/byteSources.js";
import { Genomes } from "../../../../lambda/evidence/genome/genome.js";
import { retrieve } from "../../../../lambda/evidence/retrieval/retrieve.js";
import { allowedSources } from "../../../../lambda/evidence/retrieval/genomeAddresses.js";
import { celegansGenome, entryOf, transcript } from "../support/celegans.js";
import { collected } from "../support/memoryFiles.js";

const published = transcript("C54H2.5");
const waits: number[] = [];
const wait = (ms: number): Promise<void> => {
  waits.push(ms);
  return Promise.resolve();
};

/** The error of a promise. */
async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );
}

describe("genomes of web servers", () => {
  let server: Server;
  let url: string;
  let respond: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    server = createServer((request, response) => {
      respond(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/WBcel235.fna.gz`;
  });

  beforeEach(() => {
    waits.length = 0;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  function read(requestMs?: number): Promise<Uint8Array> {
    return new RangeFile(httpSource(url), { wait, ...(requestMs !== undefined && { requestMs }) }).read(4, 8);
  }

  it("are read by range", async () => {
    const { fasta, fai, gzi } = celegansGenome();
    const content: Readonly<Record<string, Buffer>> = { ".fai": fai, ".gzi": gzi, "": fasta };
    let sent = 0;
    respond = (request, response) => {
      const body = content[/\.gz(\..*)?$/.exec(request.url ?? "")?.[1] ?? ""] ?? Buffer.alloc(0);
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      const part = from === undefined ? body : body.subarray(Number(from), Number(to) + 1);
      sent += part.length;
      response.writeHead(from === undefined ? 200 : 206).end(part);
    };
    const genomes = new Genomes(httpSource, { wait });
    const [entry] = await collected(retrieve([entryOf(published, url)], { genomes }));

    expect(entry?.sequences[0]?.sequence).to.equal(published.protein);
    expect(sent).to.be.within(10_000, 300_000);
  });

  it("are asked again after faults that pass, and given up after three tries", async () => {
    let calls = 0;
    respond = (_request, response) => {
      calls++;
      if (calls < 3) response.writeHead(calls === 1 ? 503 : 429).end();
      else response.writeHead(206).end("ACGT");
    };
    expect(Buffer.from(await read()).toString()).to.equal("ACGT");
    expect(waits).to.deep.equal([200, 400]);

    calls = -10;
    expect(await messageOf(read())).to.equal(`${url} did not answer in 3 tries; try again later.`);
    expect(calls).to.equal(-7);
  });

  it("are given up where they do not answer in time", async () => {
    respond = () => undefined;
    expect(await messageOf(read(50))).to.match(/did not answer in 3 tries/);
    server.closeAllConnections();
  });

  for (const [what, status, headers, body, expected] of [
    ["is not there", 404, {}, "", /does not exist \(the server answered 404\)/],
    ["is forbidden", 403, {}, "", /cannot be read \(the server answered 403\)/],
    ["has moved", 302, { location: "http://169.254.169.254/" }, "", /is at another address now; give that one/],
    ["is shorter than its index", 416, {}, "", /is shorter than its index says/],
    ["is sent whole", 200, {}, "ACGTACGT", /does not answer requests for a part of a file; copy the file to S3/],
    ["has more than was asked for", 206, {}, "ACGTACGT", /sent more than was asked for/],
  ] as const) {
    it(`are asked once for a file that ${what}`, async () => {
      respond = (_request, response) => {
        response.writeHead(status, headers).end(body);
      };
      expect(await messageOf(read())).to.match(expected);
      expect(waits).to.deep.equal([]);
    });
  }

  it("may not send an index without end", async () => {
    respond = (_request, response) => {
      response.writeHead(200, { "content-length": "99000000" }).end();
    };
    expect(await messageOf(new RangeFile(httpSource(url), { wait }).readFile())).to.match(/has more than 32 MB/);
  });
});

describe("genomes of S3 and of this machine", () => {
  it("are read by range", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "genome-"));
    try {
      const file = path.join(folder, "g.fna.gz");
      const { fasta, fai, gzi } = celegansGenome();
      for (const [end, content] of [
        ["", fasta],
        [".fai", fai],
        [".gzi", gzi],
      ] as const)
        writeFileSync(`${file}${end}`, content);
      const [entry] = await collected(
        retrieve([entryOf(published, pathToFileURL(file).href)], { genomes: new Genomes(fileSource) }),
      );
      expect(entry?.sequences[0]?.sequence).to.equal(published.protein);
      expect(await messageOf(new RangeFile(fileSource(pathToFileURL(`${file}x`).href)).read(1, 0))).to.match(
        /gzx does not exist/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("ask S3 for the part that is needed, and name what S3 refuses", async () => {
    const s3 = mockClient(S3Client);
    const client = new S3Client({ region: "us-east-1" });
    const body = { transformToByteArray: () => Promise.resolve(new Uint8Array(Buffer.from("ACGT"))) };
    s3.on(GetObjectCommand).resolves({ Body: body as never });
    const file = new RangeFile(s3Source("s3://genomes/g.fa.gz", client), { wait });
    expect(Buffer.from(await file.read(4, 8)).toString()).to.equal("ACGT");
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).to.deep.equal({
      Bucket: "genomes",
      Key: "g.fa.gz",
      Range: "bytes=8-11",
    });
    for (const [name, expected] of [
      ["NoSuchKey", /s3:\/\/genomes\/g.fa.gz does not exist\.$/],
      ["AccessDenied", /cannot be read: access is denied, or it does not exist/],
      ["InvalidRange", /is shorter than its index says/],
      ["SlowDown", /did not answer in 3 tries/],
    ] as const) {
      s3.on(GetObjectCommand).rejects(Object.assign(new Error(name), { name }));
      expect(await messageOf(file.read(4, 100))).to.match(expected);
    }
    s3.restore();
  });
});

describe("the addresses that a function may read", () => {
  const open = allowedSources(["s3://bucket/genomes/", "https://genomes.example.org/fasta/"], new S3Client());

  for (const url of ["s3://bucket/genomes/a/b.fa.gz", "https://genomes.example.org/fasta/WBcel235.fna.gz"]) {
    it(`are ${url}`, () => {
      expect(open(url).url).to.equal(url);
    });
  }

  for (const url of [
    "s3://bucket/async-inference-input/x.json",
    "s3://bucket/genomes/../evidence/x",
    "https://genomes.example.org/fasta/../secret",
    "https://genomes.example.org/fasta/a?redirect=b",
    "https://genomes.example.org/fasta/%2e%2e/secret",
    "https://genomes.example.org.evil.example/fasta/x",
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
  ]) {
    it(`are not ${url}`, () => {
      expect(() => open(url)).to.throw("is not in a folder that genomes may be read from");
    });
  }
});
