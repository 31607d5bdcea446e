import { expect } from "chai";
import { inline } from "../support/celegans.js";
import { MemoryFiles } from "../support/memoryFiles.js";
import { FASTA, madeOf, smallEntry, smallGenome } from "../support/smallGenome.js";

const files = new MemoryFiles().genome(FASTA, smallGenome);

describe("variants of the genome", () => {
  for (const [what, variant, expected] of [
    ["outside of every exon", inline("v", 112, 112, "A", "C", "chr1"), "Outside of every exon: 'v'."],
    [
      "with another reference base",
      inline("v", 104, 104, "A", "C", "chr1"),
      /^Variant 'v' has A where the genome has G \(base 1 of the variant/,
    ],
    [
      "on another chromosome",
      inline("v", 104, 104, "G", "C", "chr2"),
      "Variant 'v': it is on 'chr2', the region on 'chr1'.",
    ],
    [
      "with positions in the wrong order",
      inline("v", 105, 104, "G", "C", "chr1"),
      /it starts at 105, after its end at 104/,
    ],
    ["with too few reference bases", inline("v", 104, 106, "G", "C", "chr1"), /its 1 reference bases are not the 3/],
    [
      "that is no insertion between two bases",
      inline("v", 104, 106, "", "C", "chr1"),
      /has the two positions beside it/,
    ],
    [
      "that changes nothing",
      inline("v", 104, 104, "G", "g", "chr1"),
      /its alternative bases are those of the reference/,
    ],
    ["without bases", inline("v", 104, 104, "", "", "chr1"), /it changes nothing/],
    ["with other letters", inline("v", 104, 104, "G", "U", "chr1"), /it has other letters than A, C, G and T/],
    [
      "that is an indel across the end of an exon",
      inline("v", 108, 111, "AAAA", "C", "chr1"),
      /across the end of a region/,
    ],
  ] as const) {
    it(`refuses a variant ${what}; the reference stays`, async () => {
      const [first] = await madeOf(files, smallEntry({ variants: [variant] }));
      // Faults of a variant by itself are faults of the entry.
      const found = first?.info["one_alt"]?.error ?? first?.failed[0]?.reason;
      if (typeof expected === "string") expect(found).to.equal(expected);
      else expect(found).to.match(expected);
    });
  }

  it("refuses overlapping variants by name, and embeds a substitution and an insertion at one site", async () => {
    const substitution = inline("snv", 104, 104, "G", "C", "chr1");
    const [overlapping, beside] = await madeOf(
      files,
      smallEntry({ variants: [substitution, inline("del", 103, 105, "GGC", "", "chr1")] }),
      smallEntry({
        unique_entry_id: "two",
        base_seq_name: "two",
        variants: [substitution, inline("ins", 104, 105, "", "TTT", "chr1")],
      }),
    );

    expect(overlapping?.info["one_alt"]?.error).to.match(/^Variants 'del' and 'snv' overlap at 104/);
    expect(overlapping?.sequences).to.deep.equal([{ name: "one_ref", sequence: "MAKAW" }]);
    expect(overlapping?.variants).to.deep.include({
      to_score: [{ variant_ids: ["snv"], variant: "A2P" }],
      not_scored: [
        { variant_id: "del", reason: "The first codon ATG becomes ATC: where translation starts is unknown." },
      ],
    });
    // ATG C TTT CC AAA: the codons CTT TCC.
    expect(beside?.sequences[1]).to.deep.equal({ name: "two_alt", sequence: "MLSKAW" });
    expect(beside?.info["two_alt"]?.embedded_variants?.map((one) => one.variant_id)).to.deep.equal(["snv", "ins"]);
  });

  it("scores each variant of one site by itself, although they cannot be embedded together", async () => {
    const [made] = await madeOf(
      files,
      smallEntry({ variant_ids: ["chr1:g.104G>C", "chr1:g.104G>T", "chr1:g.105C>A"] }),
    );

    expect(made?.info["one_alt"]?.error).to.match(/^Variants 'chr1:g.104G>C' and 'chr1:g.104G>T' overlap at 104/);
    expect(made?.variants?.to_score.map(({ variant }) => variant)).to.deep.equal(["A2P", "A2S", "A2D"]);
  });

  it("names variants that change nothing in the protein, and those after an early stop", async () => {
    const [untranslated, late] = await madeOf(
      files,
      smallEntry({ variants: [inline("utr", 134, 134, "A", "C", "chr1"), inline("snv", 105, 105, "C", "A", "chr1")] }),
      smallEntry({
        unique_entry_id: "two",
        base_seq_name: "two",
        variants: [inline("stop", 107, 107, "A", "T", "chr1"), inline("late", 120, 120, "G", "C", "chr1")],
      }),
    );

    expect(untranslated?.info["one_alt"]?.not_embedded_variants).to.deep.equal([
      { variant_id: "utr", reason: "it is outside of the coding sequence" },
    ]);
    expect(untranslated?.variants?.to_score).to.deep.equal([{ variant_ids: ["snv"], variant: "A2D" }]);
    expect(late?.sequences[1]?.sequence).to.equal("MA");
    expect(late?.info["two_alt"]?.not_embedded_variants).to.deep.equal([
      { variant_id: "late", reason: "it is after the stop codon" },
    ]);
    expect(late?.variants?.not_scored).to.deep.equal([{ variant_id: "stop", reason: "early stop at position 3" }]);
  });

  it("says of each variant why it is not scored, and gives all substitutions together too", async () => {
    const [first, second] = await madeOf(
      files,
      smallEntry({
        variants: [
          inline("a", 104, 104, "G", "C", "chr1"),
          inline("b", 108, 108, "A", "G", "chr1"),
          inline("same", 106, 106, "C", "T", "chr1"),
          inline("shift", 121, 121, "C", "", "chr1"),
        ],
      }),
      smallEntry({
        unique_entry_id: "two",
        base_seq_name: "two",
        variants: [
          inline("deletion", 104, 106, "GCC", "", "chr1"),
          inline("insertion", 109, 110, "", "AAA", "chr1"),
          inline("insertion2", 121, 122, "", "AAA", "chr1"),
          inline("loss", 126, 126, "T", "C", "chr1"),
        ],
      }),
    );
    expect(first?.variants?.to_score).to.deep.equal([
      { variant_ids: ["a"], variant: "A2P" },
      { variant_ids: ["b"], variant: "K3R" },
      { variant_ids: ["a", "b"], variant: "A2P;K3R" },
    ]);
    expect(first?.variants?.not_scored).to.deep.equal([
      { variant_id: "same", reason: "synonymous: no residue changes" },
      { variant_id: "shift", reason: "The stop codon is lost, and the rest of the exons has no other one in frame." },
    ]);
    expect(second?.variants?.to_score).to.deep.equal([]);
    expect(second?.variants?.not_scored).to.deep.equal([
      { variant_id: "deletion", reason: "deletion" },
      { variant_id: "insertion", reason: "outside of the coding sequence" },
      { variant_id: "insertion2", reason: "insertion" },
      { variant_id: "loss", reason: "stop loss: the protein is longer" },
    ]);
  });

  for (const [what, name, expected] of [
    ["cannot be read", "rs123", /'rs123' is no substitution, .* in genomic HGVS notation such as/],
    ["is of another kind", "NC_000001.9:g.104_106dup", /is no substitution, deletion, insertion or/],
    ["inserts nothing", "NC_000001.9:g.104_106delins", /is no substitution, deletion, insertion or/],
    ["ends before it starts", "NC_000001.9:g.106_104del", /starts at 106, after its end at 104/],
    ["is on another accession", "NC_000002.1:g.104G>C", undefined],
  ] as const) {
    it(`takes the id of a variant that ${what} as it is meant`, async () => {
      const [first] = await madeOf(files, smallEntry({ variant_ids: [name] }));
      if (expected) expect(first?.failed[0]?.reason).to.match(expected);
      else expect(first?.sequences[1]?.sequence).to.equal("MPKAW");
      const [other] = await madeOf(files, smallEntry({ seq_id: "NC_000001.9", variant_ids: [name] }));
      expect(other?.failed[0]?.reason).to.match(expected ?? /it is on 'NC_000002.1', the region on NC_000001.9/);
    });
  }

  it("reads the names of deletions, insertions and both, with the bases of the genome", async () => {
    const ids = ["chr1:g.104_106del", "chr1:g.108_109insTTT", "chr1:g.121_122delinsAAAAA"];
    const found = await madeOf(
      files,
      ...ids.map((id, index) =>
        smallEntry({ unique_entry_id: `e${index}`, base_seq_name: `e${index}`, variant_ids: [id] }),
      ),
    );
    expect(found.map(({ sequences }) => sequences[1]?.sequence)).to.deep.equal(["MKAW", "MANLAW", "MAKEKW"]);
  });
});
