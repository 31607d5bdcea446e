import { InputError, quoted } from "../../../contract/errors.js";
import type { FailedSequence } from "../../../contract/evidence.js";
import {
  MAX_REGION_ENTRIES,
  type GenomeVariant,
  type ProteinVariants,
  type SequenceInfo,
  type SequenceInfos,
} from "../../../contract/genome.js";
import { regionBudget, type Genomes } from "../genome/genome.js";
import { codingOf } from "../sequence/coding.js";
import { alternativeProtein, alternativeTranscript, proteinOf, type AlternativeSequence } from "../sequence/protein.js";
import { proteinVariants } from "../sequence/proteinVariants.js";
import { entryId, readEntry, type RegionEntry } from "../sequence/regionEntry.js";
import { Spliced } from "../sequence/spliced.js";
import { completeVariants, embeddable } from "./entryVariants.js";

/** A sequence with its name. */
export interface NamedSequence {
  readonly name: string;
  readonly sequence: string;
}

/** What was made of one entry. Errors are data: of the reference, the sequence with variants, or both. */
export interface RetrievedEntry {
  readonly id: string;
  /** The reference, and the sequence with variants; those that could be made. */
  readonly sequences: readonly NamedSequence[];
  readonly info: SequenceInfos;
  /** What can be scored; only of proteins with variants. */
  readonly variants?: ProteinVariants;
  readonly failed: readonly FailedSequence[];
}

export interface RetrieveOptions {
  readonly genomes: Genomes;
  /** What is made of each entry. @default "protein" */
  readonly type?: "protein" | "transcript";
  /** Whether there is still time for another entry. @default there is */
  readonly hasTime?: () => boolean;
}

/**
 * Makes the sequences of each entry of a file of regions, one after the other. What cannot be used fails with its reason, and
 * the rest goes on.
 *
 * @param file the content of the file: a list of entries, or an object with the list `seq_regions`
 * @throws InputError `INVALID_REGION` if there is no list
 */
export async function* retrieve(
  file: unknown,
  options: RetrieveOptions,
): AsyncGenerator<RetrievedEntry, void, undefined> {
  const names = new Map<string, string>();
  const { hasTime = () => true } = options;
  for (const [index, given] of entriesOf(file).entries()) {
    const id = entryId(given, index);
    if (index >= MAX_REGION_ENTRIES) {
      yield failure(id, `The file has more than ${MAX_REGION_ENTRIES} entries; split it.`);
      continue;
    }
    if (!hasTime()) {
      yield failure(id, "There was no time left for this entry; give fewer at a time.");
      continue;
    }
    let entry: RegionEntry;
    try {
      entry = readEntry(given);
      takeNames(entry, names);
    } catch (error) {
      yield failure(id, reasonOf(error));
      continue;
    }
    yield await retrieveEntry(entry, options);
  }
}

function entriesOf(file: unknown): readonly unknown[] {
  const list = Array.isArray(file) ? file : (file as { seq_regions?: unknown } | null | undefined)?.seq_regions;
  if (Array.isArray(list)) return list as readonly unknown[];
  throw new InputError(
    "INVALID_REGION",
    "The file of regions is neither a list of entries nor an object with the list seq_regions.",
  );
}

/** Takes the names of an entry, each of which only one can have. */
function takeNames({ id, referenceName, alternativeName }: RegionEntry, taken: Map<string, string>): void {
  const kinds = { unique_entry_id: id, sequence: referenceName, "sequence with variants": alternativeName };
  const keys = Object.entries(kinds).flatMap(([kind, name]) =>
    name === undefined ? [] : [{ kind, name, key: kind === "unique_entry_id" ? `id ${name}` : `name ${name}` }],
  );
  const double = keys.find(({ key }) => taken.has(key));
  if (double) {
    throw new InputError(
      "INVALID_REGION",
      `The ${double.kind} ${quoted(double.name)} is that of ${quoted(taken.get(double.key) ?? "")} too; give each entry names of its own.`,
    );
  }
  for (const { key } of keys) taken.set(key, id);
}

async function retrieveEntry(
  entry: RegionEntry,
  { genomes, type = "protein" }: RetrieveOptions,
): Promise<RetrievedEntry> {
  const { referenceName, alternativeName, id } = entry;
  try {
    const genome = await genomes.at(entry.fastaUrl);
    const budget = regionBudget();
    const exons = Spliced.of(
      entry.seqId,
      entry.strand,
      entry.exons,
      await genome.read(entry.seqId, entry.exons, budget),
    );
    const variants = await attempt(() => completeVariants(entry, genome, budget));
    return type === "transcript"
      ? made(entry, exons.bases, () => alternativeTranscript(exons, embeddable(valueOf(variants), exons)))
      : proteins(entry, exons, variants);
  } catch (error) {
    const reason = reasonOf(error);
    const names = alternativeName === undefined ? [referenceName] : [referenceName, alternativeName];
    return { id, sequences: [], info: infoOf(names, reason), failed: [{ unique_entry_id: id, reason }] };
  }
}

/** Variants, or why they cannot be used, which is no fault of the reference. */
type Attempt = { readonly value: readonly GenomeVariant[] } | { readonly error: unknown };

async function attempt(work: () => Promise<readonly GenomeVariant[]>): Promise<Attempt> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

function valueOf(variants: Attempt): readonly GenomeVariant[] {
  if ("value" in variants) return variants.value;
  throw variants.error;
}

function proteins(entry: RegionEntry, exons: Spliced, variants: Attempt): RetrievedEntry {
  const coding = codingOf(exons, entry.coding);
  const protein = proteinOf(coding.spliced.bases);
  const result = made(entry, protein, () => alternativeProtein(coding, embeddable(valueOf(variants), exons)));
  if (entry.alternativeName === undefined || "error" in variants) return result;
  const effects = proteinVariants(coding, protein, valueOf(variants));
  const { id, referenceName: name } = entry;
  return { ...result, variants: { unique_entry_id: id, name, sequence: protein, ...effects } };
}

/** The result of an entry whose reference sequence is there. */
function made(
  { id, referenceName, alternativeName }: RegionEntry,
  reference: string,
  alternative: () => AlternativeSequence,
): RetrievedEntry {
  const sequences = [{ name: referenceName, sequence: reference }];
  if (alternativeName === undefined) return { id, sequences, info: { [referenceName]: {} }, failed: [] };
  try {
    const { sequence, embedded, notEmbedded } = alternative();
    const info: SequenceInfo = {
      embedded_variants: embedded,
      ...(notEmbedded.length > 0 && { not_embedded_variants: notEmbedded }),
    };
    return {
      id,
      sequences: [...sequences, { name: alternativeName, sequence }],
      info: { [referenceName]: {}, [alternativeName]: info },
      failed: [],
    };
  } catch (error) {
    const reason = reasonOf(error);
    return {
      id,
      sequences,
      info: { [referenceName]: {}, [alternativeName]: { error: reason } },
      failed: [{ unique_entry_id: id, reason: `${alternativeName}: ${reason}` }],
    };
  }
}

function failure(id: string, reason: string): RetrievedEntry {
  return { id, sequences: [], info: { [id]: { error: reason } }, failed: [{ unique_entry_id: id, reason }] };
}

function infoOf(names: readonly string[], error: string): SequenceInfos {
  return Object.fromEntries(names.map((name) => [name, { error }]));
}

/** Why an entry failed; faults of the program are thrown. */
function reasonOf(error: unknown): string {
  if (error instanceof InputError) return error.message;
  throw error;
}
