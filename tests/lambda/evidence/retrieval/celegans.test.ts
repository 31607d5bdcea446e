import { expect } from "chai";
import { Genomes } from "../../../../lambda/evidence/genome/genome.js";
import { retrieve, type RetrievedEntry, type RetrieveOptions } from "../../../../lambda/evidence/retrieval/retrieve.js";
import { celegansGenome, entryOf, inline, transcript, TRANSCRIPTS } from "../support/celegans.js";
import { collected, MemoryFiles } from "../support/memoryFiles.js";

const FASTA = "https://genomes.example.org/WBcel235.fna.gz";

const files = new MemoryFiles();
let genomes: Genomes;

function retrieved(entries: unknown, more: Partial<RetrieveOptions> = {}): Promise<RetrievedEntry[]> {
  return collected(retrieve(entries, { genomes, ...more }));
}

/** The protein with variants, and for each: first and last position, length of reference and alternative. */
async function embedded(gene: string, ...variants: object[]): Promise<{ protein: string; positions: number[][] }> {
  const published = transcript(gene);
  const [entry] = await retrieved([entryOf(published, FASTA, { variants })]);
  const info = entry?.info[`${published.transcript}_alt`];
  expect(entry?.failed).to.deep.equal([]);
  return {
    protein: entry?.sequences[1]?.sequence ?? "",
    positions: (info?.embedded_variants ?? []).map((one) => [
      one.seq_start_pos,
      one.seq_end_pos,
      one.embedded_ref_seq_len,
      one.embedded_alt_seq_len,
    ]),
  };
}

describe("published genes of C. elegans", () => {
  before(() => {
    files.genome(FASTA, celegansGenome());
    genomes = new Genomes(files.open);
  });

  for (const published of TRANSCRIPTS) {
    it(`${published.gene}: the published protein from coordinates`, async () => {
      const [entry] = await retrieved([entryOf(published, FASTA)]);

      expect(entry?.failed).to.deep.equal([]);
      expect(entry?.sequences).to.deep.equal([{ name: published.transcript, sequence: published.protein }]);
      expect(entry?.info).to.deep.equal({ [published.transcript]: {} });
    });

    it(`${published.gene}: the published transcript, with its marks of repeats`, async () => {
      const [entry] = await retrieved([entryOf(published, FASTA)], { type: "transcript" });

      expect(entry?.sequences[0]?.sequence).to.equal(published.bases);
    });
  }

  it("reads less than 500 kB of 10 MB for each", async () => {
    for (const published of TRANSCRIPTS) {
      genomes = new Genomes(files.open);
      files.takeBytes();
      await retrieved([entryOf(published, FASTA)]);
      expect(files.takeBytes(), published.gene).to.be.within(10_000, 500_000);
    }
  });

  it("reads nothing twice", async () => {
    const published = transcript("lin-5");
    await retrieved([entryOf(published, FASTA)]);
    files.takeBytes();
    await retrieved([entryOf(published, FASTA)]);
    expect(files.takeBytes()).to.equal(0);
  });

  it("finds the same protein of mgl-1 without its coding regions, from ATG and not from TTG", async () => {
    const published = transcript("mgl-1");
    const [entry] = await retrieved([entryOf(published, FASTA, { cds_seq_regions: [] })]);

    expect(entry?.sequences[0]?.sequence).to.equal(published.protein);
  });

  it("embeds c.751G>A of mgl-1 as Ala251Thr, by its name too", async () => {
    const { protein, positions } = await embedded("mgl-1", inline("c751", 9_972_192, 9_972_192, "C", "T"));
    const published = transcript("mgl-1").protein;
    expect(positions).to.deep.equal([[251, 251, 1, 1]]);
    expect(protein).to.equal(`${published.slice(0, 250)}T${published.slice(251)}`);

    const variant_ids = ["NC_003284.9:g.9972192C>T"];
    const [named] = await retrieved([entryOf(transcript("mgl-1"), FASTA, { variant_ids })]);
    expect(named?.sequences[1]?.sequence).to.equal(protein);
    expect(named?.variants?.to_score).to.deep.equal([{ variant_ids, variant: "A251T" }]);
  });

  it("embeds yn32 of apl-1 at position 377", async () => {
    const { positions } = await embedded("apl-1", inline("yn32", 5_114_224, 5_114_224, "C", "T"));
    expect(positions).to.deep.equal([[377, 377, 1, 1]]);
  });

  it("embeds mg305 of age-1, 45 bases within a codon", async () => {
    const bases = "AATTTTTTCCGCTTTACGTTTTCTCCAAAACATCTGAAACATGAA";
    const { positions } = await embedded("age-1", inline("mg305", 11_526_137, 11_526_138, "", bases, "II"));
    expect(positions).to.deep.equal([[260, 275, 0, 15]]);
  });

  it("embeds ev571 of lin-5, three codons between two others", async () => {
    const { protein, positions } = await embedded(
      "lin-5",
      inline("ev571", 7_861_782, 7_861_783, "", "TATGAATAC", "II"),
    );
    const published = transcript("lin-5").protein;
    expect(positions).to.deep.equal([[344, 346, 0, 3]]);
    expect(protein).to.equal(`${published.slice(0, 343)}YEY${published.slice(343)}`);
  });

  for (const [what, start, end, ref, alt, expected] of [
    ["two bases by one within a codon", 5_116_859, 5_116_860, "CG", "A", [2, 2, 1, 1]],
    ["one base by two within a codon", 5_116_860, 5_116_860, "G", "AA", [2, 2, 1, 1]],
    ["two bases by one across codons", 5_116_858, 5_116_859, "CC", "A", [2, 3, 1, 1]],
    ["one base by two across codons", 5_116_859, 5_116_859, "C", "AA", [2, 3, 1, 1]],
    ["nine inserted bases with a stop", 5_116_858, 5_116_859, "", "GCCTCAGCG", [3, 4, 0, 3]],
  ] as const) {
    it(`places an indel of apl-1 as published: ${what}`, async () => {
      const { positions } = await embedded("apl-1", inline("test", start, end, ref, alt));
      expect(positions).to.deep.equal([expected]);
    });
  }

  it("ends the protein of mgl-1 at an early stop, after a deleted base", async () => {
    const { protein, positions } = await embedded("mgl-1", inline("gain", 9_973_993, 9_973_993, "T", ""));
    const variant_ids = ["X:g.9973993del"];
    const [entry] = await retrieved([entryOf(transcript("mgl-1"), FASTA, { variant_ids })]);
    expect(entry?.variants?.not_scored).to.deep.equal([{ variant_id: "X:g.9973993del", reason: "frameshift" }]);
    expect(protein).to.equal("MVPKPPS");
    expect(positions).to.deep.equal([[8, 8, 1, 0]]);
  });

  it("goes on to the next stop in the exons where that of mgl-1 is lost", async () => {
    const { protein, positions } = await embedded("mgl-1", inline("loss", 9_968_631, 9_968_631, "A", "T"));
    const published = transcript("mgl-1").protein;
    expect(protein.startsWith(`${published}R`)).to.equal(true);
    expect(protein.length).to.equal(949 + 30);
    expect(positions).to.deep.equal([[950, 950, 1, 1]]);
  });

  it("refuses a changed start, and a lost stop that no other follows; the reference stays", async () => {
    const published = transcript("mgl-1");
    const [start, stops] = await retrieved([
      entryOf(published, FASTA, { variants: [inline("start", 9_975_791, 9_975_791, "T", "A")] }),
      entryOf(published, FASTA, {
        unique_entry_id: "second",
        base_seq_name: "second",
        variants: [inline("a", 9_968_631, 9_968_631, "A", "T"), inline("b", 9_968_541, 9_968_541, "A", "T")],
      }),
    ]);

    expect(start?.sequences).to.deep.equal([{ name: "ZC506.4a.1_ref", sequence: published.protein }]);
    expect(start?.info["ZC506.4a.1_alt"]?.error).to.match(/^The first codon ATG becomes TTG/);
    expect(stops?.failed[0]?.reason).to.match(/second_alt: The stop codon is lost, and the rest of the exons has no/);
    expect(start?.variants?.not_scored[0]?.reason).to.match(/^The first codon/);
  });
});
