import { expect } from "chai";
import { MAX_REGION_ENTRIES } from "../../../../contract/genome.js";
import { Genomes } from "../../../../lambda/evidence/genome/genome.js";
import { retrieve } from "../../../../lambda/evidence/retrieval/retrieve.js";
import { retrieveToFiles } from "../../../../lambda/evidence/retrieval/retrievedFiles.js";
import { collected, MemoryFiles } from "../support/memoryFiles.js";
import { FASTA, madeOf, smallEntry, smallGenome } from "../support/smallGenome.js";

let files: MemoryFiles;

/** Why an entry fails. */
async function reason(more: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const [bad, good] = await madeOf(
    files,
    smallEntry(more),
    smallEntry({ unique_entry_id: "good", base_seq_name: "good" }),
  );
  expect(good?.sequences, "the rest goes on").to.deep.equal([{ name: "good", sequence: "MAKAW" }]);
  return bad?.failed[0]?.reason;
}

describe("a file of regions with faults", () => {
  before(() => {
    files = new MemoryFiles().genome(FASTA, smallGenome);
  });

  for (const [what, more, expected] of [
    ["a strand that is neither", { seq_strand: "up" }, "'seq_strand' is neither + nor -."],
    ["exons that overlap", { exon_seq_regions: ["101..109", "105..134"] }, "The exons 101..109 and 105..134 overlap."],
    [
      "exons out of order",
      { exon_seq_regions: ["120..134", "101..109", "150..160"] },
      "The exons are out of order: 120..134 and 101..109.",
    ],
    [
      "an exon that ends before it starts",
      { exon_seq_regions: ["109..101"] },
      "The region 109..101 ends before it starts.",
    ],
    [
      "a coding region outside of the exons",
      { cds_seq_regions: [{ start: 108, end: 115, frame: 0 }] },
      "The coding region 108..115 is not within an exon.",
    ],
    [
      "frames that contradict each other",
      {
        cds_seq_regions: [
          { start: 101, end: 109, frame: 0 },
          { start: 120, end: 128, frame: 1 },
        ],
      },
      /^The frames of the coding regions 101..109 with frame 0 and 120..128 with frame 1 contradict/,
    ],
    [
      "coding regions without frames that do not begin with ATG",
      { cds_seq_regions: ["102..109", "120..128"] },
      /have no frame, and do not begin with ATG: which codons they have is ambiguous/,
    ],
    [
      "a frame that is none",
      { cds_seq_regions: [{ start: 101, end: 109, frame: 3 }] },
      /^'cds_seq_regions.0' is neither/,
    ],
    ["a region that is none", { exon_seq_regions: ["101-109"] }, /^'exon_seq_regions.0' is neither .* nor "1..9"/],
    ["no exons", { exon_seq_regions: [] }, /^'exon_seq_regions'/],
    ["more exons than allowed", { exon_seq_regions: Array(1_001).fill("1..2") }, /^'exon_seq_regions'/],
    [
      "exons that are too long",
      { exon_seq_regions: ["1..1000001"] },
      "The exons have 1000001 bases, the maximum is 1000000.",
    ],
    ["a name with white space", { base_seq_name: "a b" }, /^'base_seq_name' has white space/],
    ["an id that leads out of the folder", { unique_entry_id: "../x" }, /^'unique_entry_id' has other characters/],
    ["an unknown argument", { exons: [] }, /Unrecognized key/],
    ["a chromosome that the genome has not", { seq_id: "chr9" }, `${FASTA} has no sequence 'chr9'; it has 'chr1'.`],
    [
      "a position beyond the end",
      { exon_seq_regions: ["199990..200001"], cds_seq_regions: [] },
      "199990..200001 is beyond the end of 'chr1' at 200000.",
    ],
    [
      "exons without an open reading frame",
      { exon_seq_regions: ["101..109"], cds_seq_regions: [] },
      "The transcript has no complete open reading frame from an ATG to a stop.",
    ],
  ] as const) {
    it(`says what is wrong with ${what}, and goes on`, async () => {
      const found = await reason(more);
      if (typeof expected === "string") expect(found).to.equal(expected);
      else expect(found).to.match(expected);
    });
  }

  it("puts sequences in the order of their files, as the reference does", async () => {
    const { sequences } = await retrieveToFiles(
      ["gene", "gene-2", "Gene"].map((name) => smallEntry({ unique_entry_id: name, base_seq_name: name })),
      { genomes: new Genomes(files.open) },
      () => Promise.resolve(),
    );

    // Gene-protein.fa, gene-2-protein.fa, gene-protein.fa
    expect(sequences.map(({ name }) => name)).to.deep.equal(["Gene", "gene-2", "gene"]);
  });

  it("gives each name to one entry, and writes the files of each once", async () => {
    const written = new Map<string, string>();
    const { failed, infos, sequences } = await retrieveToFiles(
      { seq_regions: [smallEntry(), smallEntry({ seq_strand: "-" }), smallEntry({ unique_entry_id: "b" }), null, 7] },
      { genomes: new Genomes(files.open) },
      (name, text) => {
        written.set(name, text);
        return Promise.resolve();
      },
    );

    expect(failed.map(({ unique_entry_id }) => unique_entry_id)).to.deep.equal(["one", "b", "entry-4", "entry-5"]);
    expect(failed[0]?.reason).to.match(/^The unique_entry_id 'one' is that of 'one' too/);
    expect(failed[1]?.reason).to.match(/^The sequence 'one' is that of 'one' too/);
    expect(sequences).to.deep.equal([{ name: "one", sequence: "MAKAW" }]);
    expect(infos["one"]).to.deep.equal({});
    expect(written.get("one-protein.fa")).to.equal(">one\nMAKAW\n");
    expect(written.get("one-seqinfo.json")).to.equal('{"one":{}}');
    expect([...written.keys()])
      .to.include("b-seqinfo.json")
      .and.not.include("b-protein.fa");
  });

  it("refuses what is no list, and the entries beyond the maximum", async () => {
    for (const file of [null, {}, "text", { seq_regions: {} }]) {
      let error: unknown;
      await collected(retrieve(file, { genomes: new Genomes(files.open) })).catch(
        (thrown: unknown) => (error = thrown),
      );
      expect(String(error)).to.match(/neither a list of entries nor an object with the list seq_regions/);
    }
    const many = Array.from({ length: 10_000 }, (_, index) =>
      index === 0 ? smallEntry() : { unique_entry_id: `e${index}` },
    );
    const results = await madeOf(files, ...many);
    expect(results).to.have.length(10_000);
    expect(results[0]?.sequences).to.have.length(1);
    expect(results.filter(({ failed }) => failed.length === 1)).to.have.length(9_999);
    expect(results[MAX_REGION_ENTRIES]?.failed[0]?.reason).to.equal("The file has more than 1000 entries; split it.");
  });

  it("stops in time, and says so", async () => {
    const results = await collected(
      retrieve([smallEntry(), smallEntry()], { genomes: new Genomes(files.open), hasTime: () => false }),
    );
    expect(results.flatMap(({ failed }) => failed)).to.have.length(2);
    expect(results[0]?.failed[0]?.reason).to.match(/no time left/);
  });
});
