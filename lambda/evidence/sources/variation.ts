import * as z from "zod";
import { identifier, words } from "./forms.js";
import { entryAccession, NO_ACCESSION, type Source, type SourceRow } from "./source.js";
import { SourceError } from "./sourceError.js";
import type { SourceRequest } from "./sourceClient.js";

const HOST = "https://www.ebi.ac.uk";

const feature = z.object({
  type: words,
  begin: z.string(),
  end: z.string(),
  wildType: z.string().nullish(),
  mutatedType: z.string().nullish(),
  alternativeSequence: z.string().nullish(),
  consequenceType: z.string().nullish(),
  xrefs: z.array(z.object({ name: z.string().nullish(), id: z.string().nullish() })).nullish(),
  clinicalSignificances: z
    .array(z.object({ type: z.string().nullish(), sources: z.array(z.string()).nullish() }))
    .nullish(),
  populationFrequencies: z
    .array(
      z.object({ populationName: z.string().nullish(), frequency: z.number().nullish(), source: z.string().nullish() }),
    )
    .nullish(),
  predictions: z
    .array(
      z.object({
        predAlgorithmNameType: z.string(),
        predictionValType: z.string().nullish(),
        score: z.number().nullish(),
      }),
    )
    .nullish(),
});

type Feature = z.infer<typeof feature>;

/** The variants of a protein in the Proteins API of EMBL-EBI. */
export const variationAnswer = z.object({
  accession: identifier,
  sequence: z.string().regex(/^[A-Z]+$/, { error: "not a sequence" }),
  sequenceVersion: z.int().nullish(),
  features: z.array(feature),
});

/** @see https://www.ebi.ac.uk/proteins/api/doc/#/variation */
export function variationRequest(accession: string): SourceRequest {
  return {
    url: `${HOST}/proteins/api/variation/${accession}`,
    query: { format: "json" },
    missing: `the Proteins API has no variants of ${accession}`,
  };
}

/** Variants from large studies: where they were seen, how often, and what other resources and programs say. */
export const variation: Source = {
  name: "variation",
  title: "Proteins API of EMBL-EBI, variation",
  // The variants come from many resources, each with terms of its own.
  licence: "EMBL-EBI terms of use",
  terms: "https://www.ebi.ac.uk/about/terms-of-use",
  hosts: [HOST],
  rate: { bucket: "ebi", perSecond: 5, burst: 5 },
  ttlSeconds: 7 * 86_400,
  schemaVersion: 1,
  askable: ({ accession }) => (accession === undefined ? { reason: NO_ACCESSION } : { key: entryAccession(accession) }),
  load: async ({ accession = "" }, client) => {
    const asked = entryAccession(accession);
    const { body, headers } = await client.json(variationRequest(asked), variationAnswer);
    if (body.accession !== asked)
      throw new SourceError("unavailable", `its answer is about another protein than ${asked}`);
    const release = headers.get("X-UniProt-Release");
    const day = client.now.toISOString().slice(0, 10);
    const version = `${release ?? `as of ${day}`}, sequence version ${body.sequenceVersion ?? "not stated"}`;
    return { version, sequence: body.sequence, rows: variationRows(body) };
  },
};

/** The rows of an answer: where a variant was seen, and one for each classification, frequency and prediction. */
export function variationRows({ accession, features }: z.infer<typeof variationAnswer>): SourceRow[] {
  const url = `https://www.ebi.ac.uk/proteins/api/variation/${accession}`;
  return features.flatMap((one) => featureRows(one, url));
}

function featureRows(one: Feature, url: string): SourceRow[] {
  const [start, end] = [Number(one.begin), Number(one.end)];
  const placed = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 1 && end >= start;
  const wildType = one.wildType ?? "";
  const mutant = one.mutatedType ?? one.alternativeSequence ?? "?";
  const single = placed && start === end && /^[A-Z]$/.test(wildType) && /^[A-Z]$/.test(mutant);
  const base = {
    url,
    ...(placed && { start, end }),
    ...(placed && /^[A-Z]+$/.test(wildType) && wildType.length === end - start + 1 && { reference: wildType }),
    ...(single && { variant: `${wildType}${start}${mutant}` }),
  };
  const change = `${wildType || "?"} to ${mutant || "nothing"}`;
  const seen = [...new Set((one.xrefs ?? []).map(({ name, id }) => [name, id].filter(Boolean).join(" ")))];
  const rows: SourceRow[] = [
    {
      ...base,
      kind: "variant seen",
      value: `${change} (${one.consequenceType ?? one.type})${seen.length > 0 ? `: ${seen.join(", ")}` : ""}`,
    },
  ];
  for (const { type, sources } of one.clinicalSignificances ?? []) {
    if (type) rows.push({ ...base, kind: "clinical significance", value: `${change}: ${type}${named(sources)}` });
  }
  for (const { populationName, frequency, source } of one.populationFrequencies ?? []) {
    if (typeof frequency !== "number") continue;
    const population = [source, populationName].filter(Boolean).join(" ");
    rows.push({ ...base, kind: "population frequency", value: `${change}: ${frequency}${named([population])}` });
  }
  for (const { predAlgorithmNameType: program, predictionValType: word, score } of one.predictions ?? []) {
    const said = [word, score].filter((part) => part !== null && part !== undefined).join(" ");
    rows.push({ ...base, kind: "prediction", value: `${change}: ${program} ${said}` });
  }
  return rows;
}

function named(sources: readonly string[] | null | undefined): string {
  const names = (sources ?? []).filter((name) => name !== "");
  return names.length > 0 ? ` (${names.join(", ")})` : "";
}
