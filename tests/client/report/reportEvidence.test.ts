import { expect } from "chai";
import { isKnownVariant, isStretch } from "../../../client/report/reportEvidence.js";
import type { EvidenceRow } from "../../../contract/evidence.js";
import { OWN_KINDS } from "../../../contract/evidenceTable.js";

const row = (kind: string, place: Partial<EvidenceRow>): EvidenceRow => ({
  ...{ kind, value: "value", source: "uniprot", source_version: "1", retrieved_at: "2026-11-29T12:00:00.000Z" },
  ...{ url: "https://www.uniprot.org/", licence: "CC BY 4.0" },
  ...place,
});

describe("the tracks of evidence in a report", () => {
  const range = { start: 5, end: 20 };
  const site = { start: 5, end: 5 };
  for (const [kind, place, track] of [
    ["domain", range, "domains"],
    ["transmembrane", range, "domains"],
    ["domain", {}, "none"],
    ["active site", site, "none"],
    // They are as long as the protein, or nearly so.
    ["structure", range, "none"],
    ["predicted structure", range, "none"],
    ["chain", range, "none"],
    ["disulfide bond", range, "none"],
    ["sequence conflict", range, "none"],
    ["alternative sequence", range, "none"],
    ["natural variant", { ...site, variant: "K5R" }, "variants"],
    ["natural variant", range, "variants"],
    ["variant seen", { start: 5, end: 6 }, "variants"],
    ["germline classification", site, "variants"],
    ["AlphaMissense prediction", { ...site, variant: "K5R" }, "none"],
    ["prediction", range, "none"],
    [OWN_KINDS.llr, { ...site, variant: "K5R" }, "none"],
    [OWN_KINDS.seenIn, { ...site, variant: "K5R" }, "none"],
    // The caller's own variant: nobody else knows of it.
    [OWN_KINDS.genome, { ...site, variant: "K5R" }, "none"],
  ] as const) {
    it(`have ${kind} ${JSON.stringify(place)} among the ${track}`, () => {
      const shown = row(kind, place);

      expect([isStretch(shown), isKnownVariant(shown)]).to.deep.equal([track === "domains", track === "variants"]);
    });
  }
});
