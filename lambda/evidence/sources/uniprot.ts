import type { SourceRow, Source } from "./source.js";
import { entryAccession, NO_ACCESSION } from "./source.js";
import { readEntry, UNIPROT, type UniprotEntry, type UniprotFeature } from "./uniprotEntry.js";

/** Most articles that a row names. */
const ARTICLES = 5;

/** One rate for all that asks UniProt. UniProt states no limit: this is what a polite client sends. */
export const UNIPROT_RATE = { bucket: "uniprot", perSecond: 5, burst: 5 } as const;

/** UniProtKB: features of the protein, natural variants, and what mutagenesis showed. */
export const uniprot: Source = {
  name: "uniprot",
  title: "UniProtKB",
  licence: "CC BY 4.0",
  terms: "https://www.uniprot.org/help/license",
  hosts: [UNIPROT],
  rate: UNIPROT_RATE,
  ttlSeconds: 7 * 86_400,
  schemaVersion: 1,
  askable: ({ accession }) => (accession === undefined ? { reason: NO_ACCESSION } : { key: entryAccession(accession) }),
  load: async ({ accession = "" }, client) => {
    const { entry, version } = await readEntry(accession, client);
    return { version, sequence: entry.sequence.value, rows: uniprotRows(entry) };
  },
};

/** The rows of an entry: one for each feature, and for each alternative of a variant. */
export function uniprotRows(entry: UniprotEntry): SourceRow[] {
  const url = `https://www.uniprot.org/uniprotkb/${entry.primaryAccession}/entry`;
  return (entry.features ?? []).flatMap((feature) => featureRows(feature, url));
}

function featureRows(feature: UniprotFeature, url: string): SourceRow[] {
  const { location, alternativeSequence: alternative } = feature;
  const kind = feature.type.toLowerCase();
  const place = placeOf(feature);
  const numberedBy = location.sequence ? { numberedBy: location.sequence } : {};
  const original = alternative?.originalSequence ?? "";
  const base = {
    kind,
    url,
    ...place,
    ...numberedBy,
    ...(original && place.start !== undefined && { reference: original }),
  };
  const text = describe(feature);
  const mutants = alternative?.alternativeSequences ?? [];
  if (original === "" || mutants.length === 0) return [{ ...base, value: alternative ? `missing: ${text}` : text }];
  return mutants.map((mutant) => ({
    ...base,
    ...(original.length === 1 && mutant.length === 1 && place.start !== undefined
      ? { variant: `${original}${place.start}${mutant}` }
      : {}),
    value: `${original} to ${mutant}: ${text}`,
  }));
}

/** A position that UniProt does not know exactly is none. */
function placeOf({ location: { start, end } }: UniprotFeature): { start?: number; end?: number } {
  const exact = [start, end].every(({ value, modifier }) => value && (modifier ?? "EXACT") === "EXACT");
  if (!exact || !start.value || !end.value) return {};
  return { start: start.value, end: end.value };
}

function describe(feature: UniprotFeature): string {
  const { description, ligand, featureId, evidences, location } = feature;
  const words = [ligand?.name, description].filter(Boolean).join(", ") || feature.type;
  const where =
    placeOf(feature).start === undefined
      ? ` (position ${location.start.value ?? "?"} to ${location.end.value ?? "?"}, not exact)`
      : "";
  const articles = (evidences ?? []).flatMap(({ source, id }) => (source === "PubMed" && id ? [id] : []));
  const cited = articles.length > 0 ? ` (PubMed ${articles.slice(0, ARTICLES).join(", ")})` : "";
  return `${words}${where}${featureId ? ` [${featureId}]` : ""}${cited}`;
}
