import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { Genomes } from "../../../../lambda/evidence/genome/genome.js";
import { retrieve } from "../../../../lambda/evidence/retrieval/retrieve.js";
import { bgzfBlock, fillerBases, genomeFile } from "../support/genomeFile.js";
import { collected, MemoryFiles } from "../support/memoryFiles.js";
import { FASTA, madeOf, smallEntry, smallGenome } from "../support/smallGenome.js";

let files: MemoryFiles;

describe("a genome that cannot be read", () => {
  const good = smallGenome;

  for (const [what, world, expected] of [
    ["that is not there", new MemoryFiles(), `${FASTA} does not exist.`],
    [
      "that is not indexed",
      new MemoryFiles().file(FASTA, good.fasta).file(`${FASTA}.gzi`, good.gzi),
      /\.fai does not exist\. A FASTA file is read with its index beside it, which `samtools faidx` writes/,
    ],
    [
      "without the index of its blocks",
      new MemoryFiles().file(FASTA, good.fasta).file(`${FASTA}.fai`, good.fai),
      /\.gzi does not exist/,
    ],
    ["that is no FASTA file", new MemoryFiles().file(FASTA, "<html>"), /it does not begin with >/],
    [
      "that is compressed with gzip",
      new MemoryFiles().file(FASTA, gzipSync(">chr1\nACGT\n")),
      /compress it with bgzip/,
    ],
    [
      "with an index that is none",
      new MemoryFiles().genome(FASTA, { ...good, fai: Buffer.from("not an index") }),
      /\.fai is not the index of a FASTA file/,
    ],
    [
      "with the index of another file",
      new MemoryFiles().genome(FASTA, { ...good, fasta: bgzfBlock(Buffer.from(">chr1\nACGT\n")) }),
      /does not fit its index/,
    ],
  ] as const) {
    it(`${what} is named`, async () => {
      files = world;
      const [first] = await madeOf(files, smallEntry());
      const found = first?.failed[0]?.reason;
      if (typeof expected === "string") expect(found).to.equal(expected);
      else expect(found).to.match(expected);
    });
  }

  it("is read again after a fault, and without compression too", async () => {
    const plain = "s3://genomes/plain.fa";
    files = new MemoryFiles();
    const genomes = new Genomes(files.open);
    const given = [smallEntry({ fasta_file_url: plain })];
    expect((await collected(retrieve(given, { genomes })))[0]?.failed).to.have.length(1);

    const filler = fillerBases(100);
    const text = `>chr1\n${filler}ATGGCCAAA${filler.slice(0, 10)}GCTTGGTAACCCTGA\n`;
    files.file(plain, text).file(`${plain}.fai`, `chr1\t134\t6\t134\t135\n`);
    expect((await collected(retrieve(given, { genomes })))[0]?.sequences[0]?.sequence).to.equal("MAKAW");
  });

  it("is not read beyond 5 MB for one entry", async () => {
    files = new MemoryFiles().genome(FASTA, genomeFile({ chr1: 30_000_000 }, []));
    const variant = { variant_id: "chr1:g.1_90000del" };
    const exon_seq_regions = Array.from(
      { length: 1_000 },
      (_, index) => `${index * 29_000 + 1}..${index * 29_000 + 9}`,
    );
    const [first] = await madeOf(
      files,
      smallEntry({ exon_seq_regions, cds_seq_regions: [], variant_ids: [variant.variant_id] }),
    );
    expect(first?.failed[0]?.reason).to.match(/need more than 5 MB of the genome's file/);
    expect(files.takeBytes()).to.be.below(6_000_000);
  });
});
