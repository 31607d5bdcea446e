import { expect } from "chai";
import fc from "fast-check";
import { inline } from "../support/celegans.js";
import { MemoryFiles } from "../support/memoryFiles.js";
import { FASTA, madeOf, smallEntry, smallGenome } from "../support/smallGenome.js";

const files = new MemoryFiles().genome(FASTA, smallGenome);

const position = fc.oneof(fc.integer({ min: 95, max: 140 }), fc.constantFrom(0, -1, 1.5, 2 ** 53, null));
const region = fc.oneof(
  fc.record({ start: position, end: position, frame: fc.constantFrom(0, 1, 2, 3, null, undefined) }),
  fc.tuple(position, position).map(([start, end]) => `${String(start)}..${String(end)}`),
  fc.jsonValue({ maxDepth: 1 }),
);
const variant = fc
  .tuple(position, position, fc.string({ unit: fc.constantFrom("A", "C", "G", "T"), maxLength: 4 }))
  .map(([start, end, alt]) => inline("v", start ?? 0, end ?? 0, "", alt, "chr1"));
const name = fc.oneof(
  fc
    .tuple(position, position, fc.constantFrom("del", "insACG", "delinsT", "A>C", "dup", "=", "del5"), fc.boolean())
    .map(([start, end, what, both]) => `chr1:g.${String(start)}${both ? `_${String(end)}` : ""}${what}`),
  fc.string(),
);
const changes = fc.oneof(
  fc.record({ exon_seq_regions: fc.array(region, { maxLength: 4 }) }),
  fc.record({
    exon_seq_regions: fc.array(region, { maxLength: 3 }),
    cds_seq_regions: fc.array(region, { maxLength: 3 }),
  }),
  fc.record({ cds_seq_regions: fc.array(region, { maxLength: 4 }), seq_strand: fc.constantFrom("-", "neg", "+1") }),
  fc.record({ variants: fc.array(variant, { maxLength: 3 }) }),
  fc.record({ variant_ids: fc.array(name, { maxLength: 3 }) }),
  fc
    .tuple(fc.constantFrom(...Object.keys(smallEntry()), "variants", "variant_ids"), fc.jsonValue({ maxDepth: 2 }))
    .map(([key, value]) => ({ [key]: value })),
);

describe("an entry with anything in it", () => {
  it("has sequences or a reason, and the next one is made", async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const next = smallEntry({ unique_entry_id: "next", base_seq_name: "next" });
        const [first, second] = await madeOf(files, smallEntry(change), next);

        expect(second?.sequences.at(-1)?.sequence ?? second?.failed[0]?.reason).to.match(/^MAKAW$|is that of/);
        for (const { sequence } of first?.sequences ?? []) expect(sequence).to.match(/^[A-Z]+$/);
        for (const { reason } of first?.failed ?? []) expect(reason).to.match(/\w{3}.*[.]/s);
        if ((first?.sequences.length ?? 0) === 0) expect(first?.failed).to.not.be.empty;
        else made += 1;
      }),
      { numRuns: 150, seed: 15 },
    );
    expect(made).to.be.greaterThan(10);
  });
});
