import * as z from "zod";
import { identifier, words } from "./forms.js";
import type { SourceClient, SourceRequest } from "./sourceClient.js";
import { entryAccession } from "./source.js";
import { SourceError } from "./sourceError.js";

export const UNIPROT = "https://rest.uniprot.org";

const position = z.object({ value: z.int().nullish(), modifier: z.string().nullish() });

const feature = z.object({
  type: words,
  location: z.object({ start: position, end: position, sequence: z.string().nullish() }),
  description: z.string().nullish(),
  featureId: z.string().nullish(),
  alternativeSequence: z
    .object({ originalSequence: z.string().nullish(), alternativeSequences: z.array(z.string()).nullish() })
    .nullish(),
  ligand: z.object({ name: z.string().nullish() }).nullish(),
  evidences: z.array(z.object({ source: z.string().nullish(), id: z.string().nullish() })).nullish(),
});

/** A comment, of which only the isoforms are used. */
const comment = z.object({
  isoforms: z
    .array(z.object({ isoformIds: z.array(z.string()), isoformSequenceStatus: z.string().nullish() }))
    .nullish(),
});

export type UniprotFeature = z.infer<typeof feature>;

/** An entry of UniProtKB, as far as it is used. */
export const uniprotEntry = z.object({
  entryType: z.string(),
  primaryAccession: identifier,
  entryAudit: z.object({ entryVersion: z.int(), sequenceVersion: z.int() }),
  organism: z.object({ taxonId: z.int() }).nullish(),
  genes: z.array(z.object({ geneName: z.object({ value: z.string() }).nullish() })).nullish(),
  features: z.array(feature).nullish(),
  // Ids of other databases have any characters.
  uniProtKBCrossReferences: z.array(z.object({ database: z.string(), id: z.string() })).nullish(),
  comments: z.array(comment).nullish(),
  sequence: z
    .object({ value: z.string().regex(/^[A-Z]+$/, { error: "not a sequence" }), length: z.int() })
    .refine(({ value, length }) => value.length === length, { error: "its length is not the one that is stated" }),
});

export type UniprotEntry = z.infer<typeof uniprotEntry>;

/** What UniProt answers for an accession that has no entry any more. */
export const inactiveEntry = z.object({
  entryType: z.literal("Inactive"),
  inactiveReason: z.object({
    inactiveReasonType: z.string(),
    mergeDemergeTo: z.array(z.string()).nullish(),
    deletedReason: z.string().nullish(),
  }),
});

const anyEntry = z.looseObject({ entryType: z.string() });

/** The entry of an accession, and the release that it is from. */
export interface ReleasedEntry {
  readonly entry: UniprotEntry;
  /** Such as `2026_03, entry version 301`. */
  readonly version: string;
}

/** @see https://www.uniprot.org/help/api_retrieve_entries */
export function entryRequest(accession: string): SourceRequest {
  return {
    url: `${UNIPROT}/uniprotkb/${entryAccession(accession)}.json`,
    redirectIsAnswer: true,
    missing: `UniProt has no entry ${entryAccession(accession)}`,
    missingStatuses: [400, 410],
  };
}

/**
 * Reads the entry of an accession; of an isoform, the entry that it belongs to.
 *
 * @throws SourceError `not found` if it was merged, split or deleted, with the accessions that are there now
 */
export async function readEntry(accession: string, client: SourceClient): Promise<ReleasedEntry> {
  const asked = entryAccession(accession);
  const { status, headers, body } = await client.text(entryRequest(accession));
  if (status >= 300) throw redirected(asked, headers.get("Location"), body);
  if (client.parsed(body, anyEntry).entryType === "Inactive") throw inactive(asked, client.parsed(body, inactiveEntry));
  const entry = client.parsed(body, uniprotEntry);
  if (entry.primaryAccession !== asked) throw merged(asked, [entry.primaryAccession]);
  const release = headers.get("X-UniProt-Release");
  const version = `entry version ${entry.entryAudit.entryVersion}`;
  return { entry, version: release ? `${release}, ${version}` : version };
}

/**
 * Whether an isoform has the sequence of its entry.
 *
 * @throws SourceError if the entry has other isoforms only
 */
export function isDisplayed({ comments }: UniprotEntry, isoform: string): boolean {
  const isoforms = (comments ?? []).flatMap(({ isoforms: listed }) => listed ?? []);
  const own = isoforms.find(({ isoformIds: ids }) => ids.includes(isoform));
  if (own === undefined && isoforms.length > 0) {
    throw new SourceError("not found", `UniProt has no isoform ${isoform}`);
  }
  return own?.isoformSequenceStatus === "Displayed";
}

/** The sequence of an isoform. */
export async function readIsoform(accession: string, client: SourceClient): Promise<string> {
  const { body } = await client.text({
    url: `${UNIPROT}/uniprotkb/${accession}.fasta`,
    missing: `UniProt has no isoform ${accession}`,
    missingStatuses: [400, 410],
  });
  const [header = "", ...lines] = body.trim().split(/\r?\n/);
  const sequence = lines.join("");
  if (!header.startsWith(">") || !header.includes(`|${accession}|`) || !/^[A-Z]+$/.test(sequence)) {
    throw new SourceError("unavailable", `its answer is not the FASTA record of ${accession}`);
  }
  return sequence;
}

function inactive(asked: string, { inactiveReason }: z.infer<typeof inactiveEntry>): SourceError {
  const into = inactiveReason.mergeDemergeTo ?? [];
  if (into.length > 0) return merged(asked, into);
  const why = inactiveReason.deletedReason ? `: ${inactiveReason.deletedReason}` : "";
  return new SourceError("not found", `${asked} was deleted from UniProt${why}`);
}

function redirected(asked: string, location: string | null, body: string): SourceError {
  const read = inactiveEntry.safeParse(jsonOf(body));
  if (read.success) return inactive(asked, read.data);
  const to = /\/uniprotkb\/([A-Z0-9]{6,10})\b/.exec(location ?? "")?.[1];
  return to === undefined ? new SourceError("not found", `${asked} has no entry any more`) : merged(asked, [to]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function merged(asked: string, into: readonly string[]): SourceError {
  const reason =
    into.length === 1
      ? `${asked} was merged into ${into.join("")}: ask for that`
      : `${asked} was split into ${into.join(", ")}: ask for one of them`;
  return new SourceError("not found", reason, undefined, into);
}
