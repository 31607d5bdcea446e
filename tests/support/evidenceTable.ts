import type { EvidenceRow } from "../../contract/evidence.js";
import { OWN_KINDS, RESEARCH_USE_ONLY, type EvidenceTable } from "../../contract/evidenceTable.js";

/** A table with a domain, a known variant, conservation and a failed source. */
export function evidenceTableOf(sequence: string, variant: string): EvidenceTable {
  const position = Number(variant.slice(1, -1));
  const row = (changes: Partial<EvidenceRow>): EvidenceRow => ({
    kind: "natural variant",
    value: "in a family",
    source: "uniprot",
    source_version: "2026_03",
    retrieved_at: "2026-11-29T12:00:00.000Z",
    url: "https://www.uniprot.org/uniprotkb/P50613/entry",
    licence: "CC BY 4.0",
    ...changes,
  });
  const own = {
    source: "alignment of this workflow (clustalo)",
    url: "s3://bucket/conservation.json",
    licence: "computed",
  };
  const place = { start: position, end: position };
  return {
    schema_version: "1",
    notice: RESEARCH_USE_ONLY,
    workflow_id: "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9",
    created_at: "2026-11-29T12:00:00.000Z",
    protein: { name: "CDK7", accession: "P50613", sequence },
    scores: { status: "ok" },
    alignment: { status: "ok", aligner: "clustalo", sequences: 3, n_eff: 2.5, spearman_llr_pssm: 0.42 },
    retrieval: { status: "not asked", reason: "there are no regions" },
    sources: [
      { source: "uniprot", status: "ok", rows: 3, refused: 0 },
      { source: "clinvar", status: "unavailable", reason: "429: too many requests", rows: 0, refused: 0 },
    ],
    rows: [
      row({ kind: "function", value: "<b>bold</b>" }),
      row({ start: 5, end: 20, kind: "domain", value: "Kinase" }),
      row({ ...place, ...own, kind: OWN_KINDS.conservation, value: "0.7000" }),
      row({ ...place, variant }),
      row({ ...place, ...own, variant, kind: OWN_KINDS.seenIn, value: "mouse" }),
      row({ ...place, ...own, variant, kind: OWN_KINDS.llr, value: "-1.0000" }),
    ],
    refused: [],
    not_scored: [{ variant: "tm3067", reason: "a deletion" }],
  };
}
