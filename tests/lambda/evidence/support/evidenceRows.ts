import { AMINO_ACIDS } from "../../../../contract/aminoAcids.js";
import type { Conservation, EvidenceRow, SourceAnswer } from "../../../../contract/evidence.js";
import { SEQUENCE } from "../../support/world.js";

/** A protein as UniProt gives it. */
export const PROTEIN = { accession: "P01308", gene: "INS", taxon: "9606", sequence: SEQUENCE };

/** A row of a source. */
export function row(changes: Partial<EvidenceRow> = {}): EvidenceRow {
  return {
    kind: "natural variant",
    value: "in a family with diabetes",
    source: "uniprot",
    source_version: "2026_04",
    retrieved_at: "2026-03-01T11:00:00.000Z",
    url: "https://www.uniprot.org/uniprotkb/P01308",
    licence: "CC BY 4.0",
    ...changes,
  };
}

/** The answer of a source with these rows. */
export function answer(source: string, rows: readonly EvidenceRow[]): SourceAnswer {
  return { source, status: "ok", rows: rows.map((one) => ({ ...one, source })), refused: [] };
}

/** The conservation of a protein whose log-odds are the opposite of the position. */
export function conservationOf(sequence: string, changes: Partial<Conservation> = {}): Conservation {
  return {
    reference: "protein",
    aligner: "clustalo 1.2.4",
    sequences: 3,
    n_eff: 2.5,
    positions: Array.from(sequence, (residue, index) => ({
      position: index + 1,
      residue,
      column: index + 1,
      conservation: 0.5,
      gap_fraction: 0,
      residues: { [residue]: 3 },
      pssm: Array.from(AMINO_ACIDS, (_, order) => order / 10),
    })),
    seen_in: { K2R: ["mouse", "rat"] },
    ...changes,
  };
}
