import * as z from "zod";
import { identifier, words } from "./forms.js";
import { NO_ACCESSION, type Found, type Source, type SourceRow } from "./source.js";
import { SourceError } from "./sourceError.js";
import type { SourceClient, SourceRequest } from "./sourceClient.js";

const HOST = "https://alphafold.ebi.ac.uk";

// The database renamed entryId, uniprotStart, uniprotEnd and uniprotSequence in 2025: both names are read.
const model = z.object({
  uniprotAccession: identifier,
  modelEntityId: identifier.nullish(),
  entryId: identifier.nullish(),
  latestVersion: z.int(),
  modelCreatedDate: words,
  globalMetricValue: z.number().min(0).max(100).nullish(),
  sequence: z.string().nullish(),
  uniprotSequence: z.string().nullish(),
  sequenceStart: z.int().min(1).nullish(),
  sequenceEnd: z.int().min(1).nullish(),
  uniprotStart: z.int().min(1).nullish(),
  uniprotEnd: z.int().min(1).nullish(),
  plddtDocUrl: z.string().nullish(),
  amAnnotationsUrl: z.string().nullish(),
});

type Model = z.infer<typeof model>;

/** The models of an accession: those of its isoforms are in the same list. */
export const alphafoldAnswer = z.array(model);

/** Confidence of each residue. */
export const plddtAnswer = z
  .object({ residueNumber: z.array(z.int().min(1)), confidenceScore: z.array(z.number().min(0).max(100)) })
  .refine(({ residueNumber, confidenceScore }) => residueNumber.length === confidenceScore.length, {
    error: "there are not as many scores as residues",
  });

const MISSENSE_HEADER = "protein_variant,am_pathogenicity,am_class";

/** @see https://alphafold.ebi.ac.uk/api-docs */
export function predictionRequest(accession: string): SourceRequest {
  return {
    url: `${HOST}/api/prediction/${accession}`,
    missing: `the AlphaFold Database has no model of ${accession}`,
    missingStatuses: [400, 422],
  };
}

/** AlphaFold Database: the predicted structure, its confidence by residue, and AlphaMissense for human proteins. */
export const alphafold: Source = {
  name: "alphafold",
  title: "AlphaFold Protein Structure Database, with AlphaMissense",
  licence: "CC BY 4.0",
  terms: "https://alphafold.ebi.ac.uk/",
  hosts: [HOST],
  rate: { bucket: "alphafold", perSecond: 5, burst: 5 },
  ttlSeconds: 30 * 86_400,
  schemaVersion: 1,
  askable: ({ accession }) => (accession === undefined ? { reason: NO_ACCESSION } : { key: accession }),
  load: async ({ accession = "" }, client) => {
    const { body } = await client.json(predictionRequest(accession), alphafoldAnswer);
    const found = body.filter(({ uniprotAccession }) => uniprotAccession === accession);
    const [first] = found;
    if (first === undefined) {
      throw new SourceError("not found", `the AlphaFold Database has no model of ${accession} itself`);
    }
    const model = await modelRows(first, client);
    const notes = [
      ...(found.length > 1 ? [`the first of ${found.length} models`] : []),
      ...(model.note ? [model.note] : []),
    ];
    return { ...model, ...(notes.length > 0 && { note: notes.join("; ") }) };
  },
};

async function modelRows(one: Model, client: SourceClient): Promise<Found> {
  const { start, end } = rangeOf(one);
  const id = one.modelEntityId ?? one.entryId ?? `AF-${one.uniprotAccession}-F1`;
  const url = `${HOST}/entry/${id}`;
  const sequence = one.sequence ?? one.uniprotSequence;
  const mean = one.globalMetricValue ? `, mean pLDDT ${one.globalMetricValue}` : "";
  const structure: SourceRow = {
    start,
    end,
    kind: "predicted structure",
    value: `model ${id}${mean}`,
    url,
  };
  const parts = await Promise.all([
    partOf("pLDDT", one.plddtDocUrl, (address) => plddtRows(address, url, start, client)),
    partOf("AlphaMissense", one.amAnnotationsUrl, (address) => missenseRows(address, client)),
  ]);
  const faults = parts.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  return {
    version: `v${one.latestVersion}, ${one.modelCreatedDate.slice(0, 10)}`,
    ...(sequence && { sequence: whole(sequence, start, end) }),
    rows: [structure, ...parts.flatMap(({ rows }) => rows)],
    ...(faults.length > 0 && { note: faults.join("; "), incomplete: true }),
  };
}

/** @throws SourceError if the model does not say which part of the protein it has */
function rangeOf(one: Model): { readonly start: number; readonly end: number } {
  const start = one.sequenceStart ?? one.uniprotStart;
  const end = one.sequenceEnd ?? one.uniprotEnd;
  if (start && end && start <= end) return { start, end };
  throw new SourceError("unavailable", "its answer does not have the expected form: sequenceStart and sequenceEnd");
}

/** A model of a part has the residues of that part only; positions are those of the whole protein. */
function whole(sequence: string, start: number, end: number): string {
  const partial = sequence.length === end - start + 1;
  return partial ? `${"-".repeat(start - 1)}${sequence}` : sequence;
}

/** The rows of a file beside the model: without it, the others are still good. */
async function partOf(
  name: string,
  address: string | null | undefined,
  read: (address: string) => Promise<SourceRow[]>,
): Promise<{ readonly rows: SourceRow[]; readonly fault?: string }> {
  if (!address) return { rows: [] };
  try {
    return { rows: await read(address) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { rows: [], fault: `${name} is missing: ${error.reason}` };
  }
}

async function plddtRows(address: string, url: string, start: number, client: SourceClient): Promise<SourceRow[]> {
  const { body } = await client.json({ url: address, missing: "there is no such file" }, plddtAnswer);
  const { residueNumber, confidenceScore } = body;
  return residueNumber.map((residue, index) => {
    const position = residue + start - 1;
    return { start: position, end: position, kind: "pLDDT", value: String(confidenceScore[index]), url };
  });
}

async function missenseRows(address: string, client: SourceClient): Promise<SourceRow[]> {
  const { body } = await client.text({ url: address, missing: "there is no such file" });
  return missenseOf(body, address);
}

/**
 * Reads the table of AlphaMissense.
 *
 * @throws SourceError if a line is not of the form `A10K,0.1234,LBen`
 */
export function missenseOf(text: string, url: string): SourceRow[] {
  const [header = "", ...lines] = text.trim().split(/\r?\n/);
  if (header.trim() !== MISSENSE_HEADER) {
    throw new SourceError("unavailable", "its table does not begin with the expected names of columns");
  }
  return lines.map((line, index) => {
    const [, wildType = "", digits = "", mutant = "", score = "", word = ""] =
      /^([A-Z])([1-9]\d*)([A-Z]),(\d(?:\.\d+)?),([A-Za-z_ ]+)$/.exec(line.trim()) ?? [];
    if (word === "" || Number(score) > 1) {
      throw new SourceError("unavailable", `line ${index + 2} of its table cannot be read`);
    }
    const position = Number(digits);
    return {
      start: position,
      end: position,
      variant: `${wildType}${position}${mutant}`,
      reference: wildType,
      kind: "AlphaMissense prediction",
      value: `${score} (${word})`,
      url,
    };
  });
}
