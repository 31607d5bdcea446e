import { expect } from "chai";
import fc from "fast-check";
import { AMINO_ACIDS } from "../../../../contract/aminoAcids.js";
import type { EvidenceRow } from "../../../../contract/evidence.js";
import { numberingSegments } from "../../../../lambda/evidence/sources/numberingSegments.js";
import { checkResidues } from "../../../../lambda/evidence/sources/residueCheck.js";
import type { SourceRow } from "../../../../lambda/evidence/sources/source.js";
import { asked, PROTEIN, SEQUENCE } from "./support/asking.js";

const base = { kind: "site", value: "x", url: "https://example.org/x" };
const complete = ({ start, end = start, kind, value, url }: SourceRow): EvidenceRow => ({
  ...(start !== undefined && end !== undefined && { start, end }),
  ...{
    kind,
    value,
    url,
    source: "uniprot",
    source_version: "1",
    retrieved_at: "2026-11-29T12:00:00.000Z",
    licence: "x",
  },
});

/** One row for each position, with its residue. */
function sitesOf(sequence: string, positions = Array.from(sequence, (_, index) => index + 1)): SourceRow[] {
  return positions.map((start) => ({ ...base, start, end: start, reference: sequence.charAt(start - 1) }));
}

/** Proteins as random as they can be. */
const proteins = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...Array.from(AMINO_ACIDS)), { minLength, maxLength }).map((residues) => residues.join(""));

/** The same cases in each run: a shift that chance hides exists in one of some 10,000 rows. */
const RUNS = { seed: 20261129, numRuns: 100 };

describe("The check of residues", () => {
  it("takes all rows of a source that has the same sequence", () => {
    fc.assert(
      fc.property(proteins(20, 300), (sequence) => {
        const { rows, refused } = checkResidues(
          { version: "1", sequence, rows: sitesOf(sequence) },
          sequence,
          complete,
        );

        expect(refused).to.deep.equal([]);
        expect(rows).to.have.length(sequence.length);
      }),
      RUNS,
    );
  });

  it("refuses every row of a source whose numbering is shifted, and says by how much", () => {
    fc.assert(
      fc.property(proteins(60, 300), proteins(1, 40), (own, more) => {
        const found = { version: "1", sequence: own, rows: sitesOf(own) };

        const { rows, refused } = checkResidues(found, more + own, complete);

        expect(rows).to.deep.equal([]);
        expect(refused).to.have.length(own.length);
        for (const { fitting_offset: offset, reason } of refused) {
          expect(offset).to.equal(more.length);
          expect(reason).to.match(/position|residues around/);
        }
      }),
      RUNS,
    );
  });

  it("refuses every shifted row, also of a source that has no sequence of its own, and single ones", () => {
    fc.assert(
      fc.property(proteins(60, 300), fc.integer({ min: 1, max: 30 }), fc.nat(), (own, shift, at) => {
        const submitted = own.slice(shift);

        const all = checkResidues({ version: "1", rows: sitesOf(own) }, submitted, complete);
        const start = 1 + (at % own.length);
        const single = checkResidues({ version: "1", sequence: own, rows: sitesOf(own, [start]) }, submitted, complete);

        expect(all.rows).to.deep.equal([]);
        expect(single.rows).to.deep.equal([]);
        // The residues that were cut off fit nowhere, so there is no offset for all.
        const offsets = all.refused.map(({ fitting_offset: offset }) => offset);
        expect(offsets.filter((offset) => offset === -shift).length).to.be.at.least(own.length - shift - 5);
      }),
      RUNS,
    );
  });

  it("finds the parts of an isoform that fit, and the offset behind what it lacks", () => {
    fc.assert(
      fc.property(
        proteins(150, 300),
        fc.integer({ min: 30, max: 60 }),
        fc.integer({ min: 10, max: 50 }),
        (own, from, length) => {
          const isoform = own.slice(0, from) + own.slice(from + length);
          const found = { version: "1", sequence: own, rows: sitesOf(own) };

          const { rows, refused } = checkResidues(found, isoform, complete);

          const taken = rows.map(({ start = 0 }) => start);
          expect(taken.filter((start) => start <= from)).to.have.length(from);
          // Where the exon begins with the residues that come behind it, nobody can tell which are there.
          expect(Math.max(...taken)).to.be.at.most(from + 8);
          const behind = refused.filter(({ row }) => (row.start ?? 0) > from + length + 5);
          expect(new Set(behind.map(({ fitting_offset: offset }) => offset))).to.deep.equal(new Set([-length]));
        },
      ),
      RUNS,
    );
  });

  it("takes rows beside a variant that the submitted protein has, and refuses the row of the variant itself", () => {
    const submitted = `${SEQUENCE.slice(0, 40)}R${SEQUENCE.slice(41)}`;

    const found = { version: "1", sequence: SEQUENCE, rows: sitesOf(SEQUENCE) };
    const { rows, refused } = checkResidues(found, submitted, complete);

    expect(rows).to.have.length(SEQUENCE.length - 1);
    expect(refused.map(({ reason, row, ...rest }) => [row.start, reason, rest])).to.deep.equal([
      [41, "position 41 is R in the sequence, K in the source", {}],
    ]);
  });

  for (const [row, reason] of [
    [{ start: 41, end: 41, reference: "A" }, "position 41 is K in the sequence, A in the source"],
    [{ start: 500, end: 500, reference: "A" }, "position 500 is outside the sequence, which has 346 residues"],
    [{ start: 40, end: 42, reference: "KK" }, "the source does not say which residues are at positions 40 to 42"],
    [{ start: 41, end: 41 }, "the source does not say which residues are at position 41"],
    [{ start: 41, end: 41, reference: "K", numberedBy: "P50613-2" }, "the source numbers it by isoform P50613-2"],
  ] as const) {
    it(`refuses ${JSON.stringify(row)}`, () => {
      const { rows, refused } = checkResidues({ version: "1", rows: [{ ...base, ...row }] }, SEQUENCE, complete);

      expect(rows).to.deep.equal([]);
      expect(refused.map((one) => [one.reason, one.fitting_offset])).to.deep.equal([[reason, undefined]]);
    });
  }

  it("takes a row about the whole protein, whatever the sequence is", () => {
    const { rows } = checkResidues({ version: "1", sequence: SEQUENCE, rows: [base] }, "MKV", complete);

    expect(rows).to.have.length(1);
  });

  it("does not tell an offset by few sites that fit by chance", () => {
    expect(numberingSegments([], "MKV")).to.deep.equal([]);
    expect(numberingSegments([{ position: 3, residue: "W" }], "MKVW")).to.deep.equal([]);
  });
});

describe("Sources of a shifted protein", () => {
  const shifted = { ...PROTEIN, sequence: `MGSSHHHHHHSSGLVPRGSH${SEQUENCE}` };

  for (const [name, fixture] of [
    ["uniprot", "uniprot/entry"],
    ["variation", "variation/entry"],
    ["alphafold", "alphafold/model"],
    ["clinvar", "clinvar/gene"],
    ["rcsb", "rcsb/entities"],
  ] as const) {
    it(`${name}: every row with a position is refused`, async () => {
      const { answer } = await asked(name, [fixture], { protein: shifted });

      expect(answer.rows.filter(({ start }) => start !== undefined)).to.deep.equal([]);
      expect(answer.refused).to.not.have.length(0);
    });
  }

  it("have the offset that makes them fit", async () => {
    const { answer } = await asked("alphafold", ["alphafold/model"], { protein: shifted });

    expect(new Set(answer.refused.map(({ fitting_offset: offset }) => offset))).to.deep.equal(new Set([20]));
  });
});
