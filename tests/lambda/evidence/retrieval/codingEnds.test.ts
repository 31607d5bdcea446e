import { expect } from "chai";
import { inline } from "../support/celegans.js";
import { MemoryFiles } from "../support/memoryFiles.js";
import { FASTA, madeOf, smallEntry, smallGenome } from "../support/smallGenome.js";

const files = new MemoryFiles().genome(FASTA, smallGenome);
const first = { start: 101, end: 109, frame: 0 };
const substitution = inline("snv", 105, 105, "C", "A", "chr1");

describe("the ends of coding regions", () => {
  it("may leave the stop codon out, as those of GTF files do: it can be lost, and nothing else is a lost stop", async () => {
    // The regions end with TGG; the stop TAA follows.
    const regions = [first, { start: 120, end: 125, frame: 0 }];
    const [one, two] = await madeOf(
      files,
      smallEntry({ cds_seq_regions: regions, variants: [substitution] }),
      smallEntry({
        unique_entry_id: "two",
        base_seq_name: "two",
        cds_seq_regions: regions,
        variants: [inline("loss", 126, 126, "T", "C", "chr1")],
      }),
    );

    expect(one?.sequences.map(({ sequence }) => sequence)).to.deep.equal(["MAKAW", "MDKAW"]);
    expect(one?.variants?.to_score).to.deep.equal([{ variant_ids: ["snv"], variant: "A2D" }]);
    // CAACCCTGA: the next stop in frame is behind.
    expect(two?.sequences[1]?.sequence).to.equal("MAKAWQP");
    expect(two?.variants?.not_scored).to.deep.equal([
      { variant_id: "loss", reason: "stop loss: the protein is longer" },
    ]);
  });

  it("may be those of an incomplete transcript: then the protein with variants ends there too", async () => {
    const [made] = await madeOf(
      files,
      smallEntry({ exon_seq_regions: ["101..109"], cds_seq_regions: [first], variants: [substitution] }),
    );

    expect(made?.sequences.map(({ sequence }) => sequence)).to.deep.equal(["MAK", "MDK"]);
    expect(made?.variants?.to_score).to.deep.equal([{ variant_ids: ["snv"], variant: "A2D" }]);
  });

  it("leave out what is between them in an exon where a lost stop is followed", async () => {
    // ATGGCC and, without AAA, GCTTGGTAA.
    const regions = [
      { start: 101, end: 106, frame: 0 },
      { start: 120, end: 128 },
    ];
    const [made] = await madeOf(
      files,
      smallEntry({ cds_seq_regions: regions, variants: [inline("loss", 126, 126, "T", "C", "chr1")] }),
    );

    expect(made?.sequences.map(({ sequence }) => sequence)).to.deep.equal(["MAAW", "MAAWQP"]);
  });

  it("may touch: an insertion between two regions without an intron is within them", async () => {
    const [made] = await madeOf(
      files,
      smallEntry({
        exon_seq_regions: ["101..103", "104..109", "120..134"],
        cds_seq_regions: [{ start: 101, end: 103, frame: 0 }, "104..109", "120..128"],
        variants: [inline("ins", 103, 104, "", "TTT", "chr1")],
      }),
    );

    expect(made?.sequences[1]?.sequence).to.equal("MFAKAW");
  });

  it("have an insertion at the end of an exon refused: nobody knows whether it is spliced out", async () => {
    const [made] = await madeOf(files, smallEntry({ variants: [inline("ins", 109, 110, "", "TTT", "chr1")] }));

    expect(made?.info["one_alt"]?.error).to.equal("Outside of every exon: 'ins'.");
  });
});
