import fc from "fast-check";
import { AMINO_ACIDS } from "../../../../contract/aminoAcids.js";
import type { AlignedRow } from "../../../../lambda/evidence/alignment/columns.js";

const RESIDUES = Array.from(AMINO_ACIDS);

/** A row with gaps: residues that are often those of a family, else any, or a gap. */
function rowOf(family: string): fc.Arbitrary<string> {
  const places = Array.from(family, (residue) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(residue) },
      { weight: 2, arbitrary: fc.constantFrom(...RESIDUES) },
      { weight: 2, arbitrary: fc.constant("-") },
    ),
  );
  return fc.tuple(...places).map((letters) => letters.join(""));
}

/** Alignments of related sequences, each with at least one residue. */
export const alignments: fc.Arbitrary<AlignedRow[]> = fc
  .array(fc.constantFrom(...RESIDUES), { minLength: 1, maxLength: 40 })
  .chain((family) =>
    fc.array(
      rowOf(family.join("")).filter((row) => /[A-Z]/.test(row)),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map((rows) => rows.map((aligned, index) => ({ name: `s${index + 1}`, aligned })));
