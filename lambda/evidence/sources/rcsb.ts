import * as z from "zod";
import { identifier } from "./forms.js";
import { entryAccession, NO_ACCESSION, type Source, type SourceRow } from "./source.js";
import { SourceError } from "./sourceError.js";
import type { SourceClient, SourceRequest } from "./sourceClient.js";

const SEARCH = "https://search.rcsb.org";
const DATA = "https://data.rcsb.org";

/** Structures that are listed, those with the best resolution first. */
const STRUCTURES = 25;

/** Share of the residues of a structure that must be those of the protein: many have mutations. */
const MATCHING_SHARE = 0.9;

const hits = z.object({ total_count: z.int(), result_set: z.array(z.object({ identifier })) });

const entity = z.object({
  rcsb_id: identifier,
  entity_poly: z.object({ pdbx_seq_one_letter_code_can: z.string().nullish() }).nullish(),
  rcsb_polymer_entity: z.object({ pdbx_mutation: z.string().nullish() }).nullish(),
  rcsb_polymer_entity_align: z
    .array(
      z.object({
        reference_database_accession: z.string().nullish(),
        aligned_regions: z
          .array(z.object({ entity_beg_seq_id: z.int(), ref_beg_seq_id: z.int(), length: z.int() }))
          .nullish(),
      }),
    )
    .nullish(),
  entry: z.object({
    rcsb_id: identifier,
    struct: z.object({ title: z.string().nullish() }).nullish(),
    exptl: z.array(z.object({ method: z.string().nullish() })).nullish(),
    rcsb_entry_info: z.object({ resolution_combined: z.array(z.number()).nullish() }).nullish(),
    rcsb_accession_info: z.object({ revision_date: z.string().nullish(), initial_release_date: z.string().nullish() }),
  }),
});

/** The structures that were asked for, in the form of the data API. */
export const rcsbAnswer = z.object({
  errors: z.array(z.object({ message: z.string() })).exactOptional(),
  data: z.object({ polymer_entities: z.array(entity.nullable()) }).nullable(),
});

type Entity = z.infer<typeof entity>;

const QUERY = `query ($ids: [String!]!) {
  polymer_entities(entity_ids: $ids) {
    rcsb_id
    entity_poly { pdbx_seq_one_letter_code_can }
    rcsb_polymer_entity { pdbx_mutation }
    rcsb_polymer_entity_align {
      reference_database_accession
      aligned_regions { entity_beg_seq_id ref_beg_seq_id length }
    }
    entry {
      rcsb_id
      struct { title }
      exptl { method }
      rcsb_entry_info { resolution_combined }
      rcsb_accession_info { revision_date initial_release_date }
    }
  }
}`;

const ACCESSION = "rcsb_polymer_entity_container_identifiers.reference_sequence_identifiers.database_accession";

/** Experimental structures of the Protein Data Bank, by accession; or by sequence, if the caller allows it. */
export const rcsb: Source = {
  name: "rcsb",
  title: "RCSB Protein Data Bank",
  licence: "CC0 1.0",
  terms: "https://www.rcsb.org/pages/policies",
  hosts: [SEARCH, DATA],
  rate: { bucket: "rcsb", perSecond: 4, burst: 2 },
  ttlSeconds: 7 * 86_400,
  schemaVersion: 1,
  askable: ({ accession, sequence }, sharesSequence) => {
    if (accession !== undefined) return { key: entryAccession(accession) };
    if (sharesSequence) return { key: `sequence ${sequence}` };
    return { reason: `${NO_ACCESSION}; it is asked by sequence only if the caller allows it (share_sequence)` };
  },
  load: async ({ accession, sequence }, client) => {
    const asked = accession === undefined ? undefined : entryAccession(accession);
    const { body } = await client.text(searchRequest(asked, sequence));
    const what = asked ?? "this sequence";
    // An empty answer, with status 204, is that there are none.
    if (body === "") throw new SourceError("not found", `the Protein Data Bank has no structure of ${what}`);
    const { total_count: total, result_set: found } = client.parsed(body, hits);
    const entities = await readEntities(
      found.map(({ identifier }) => identifier),
      client,
    );
    const more = total > found.length ? { note: `${found.length} of ${total} structures` } : {};
    return {
      version: `as of ${client.now.toISOString().slice(0, 10)}`,
      ...more,
      rows: entities.flatMap((one) => structureRows(one, asked)),
    };
  },
};

/** @see https://search.rcsb.org/#search-api */
export function searchRequest(accession: string | undefined, sequence: string): SourceRequest {
  const query =
    accession === undefined
      ? {
          type: "terminal",
          service: "sequence",
          parameters: { evalue_cutoff: 0.001, identity_cutoff: 0.95, sequence_type: "protein", value: sequence },
        }
      : {
          type: "terminal",
          service: "text",
          parameters: { attribute: ACCESSION, operator: "exact_match", value: accession },
        };
  return {
    url: `${SEARCH}/rcsbsearch/v2/query`,
    body: {
      query,
      return_type: "polymer_entity",
      request_options: {
        paginate: { start: 0, rows: STRUCTURES },
        sort: [{ sort_by: "rcsb_entry_info.resolution_combined", direction: "asc" }],
      },
    },
    missing: `the Protein Data Bank has no structure of ${accession ?? "this sequence"}`,
  };
}

async function readEntities(ids: readonly string[], client: SourceClient): Promise<Entity[]> {
  const request = {
    url: `${DATA}/graphql`,
    body: { query: QUERY, variables: { ids } },
    missing: "its data API is gone",
  };
  const { body } = await client.json(request, rcsbAnswer);
  const [fault] = body.errors ?? [];
  if (fault || body.data === null) {
    throw new SourceError("unavailable", `it refuses the query${fault ? `: ${fault.message.slice(0, 200)}` : ""}`);
  }
  return body.data.polymer_entities.filter((one) => one !== null);
}

/**
 * The rows of a structure: one for each region of the protein that it shows, or one without positions.
 *
 * @param accession that the regions are of; undefined without one
 */
export function structureRows(one: Entity, accession: string | undefined): SourceRow[] {
  const { entry } = one;
  const { revision_date: revised, initial_release_date: released } = entry.rcsb_accession_info;
  const methods = (entry.exptl ?? []).flatMap(({ method }) => (method ? [method.toLowerCase()] : []));
  const resolution = entry.rcsb_entry_info?.resolution_combined?.[0];
  const mutation = one.rcsb_polymer_entity?.pdbx_mutation;
  const facts = [
    ...methods,
    ...(resolution === undefined ? [] : [`${resolution} Å`]),
    ...(mutation ? [`mutations ${mutation}`] : []),
  ].join(", ");
  const base = {
    kind: "structure",
    value: `${entry.rcsb_id}${facts ? ` (${facts})` : ""}: ${entry.struct?.title ?? "no title"}`,
    url: `https://www.rcsb.org/structure/${entry.rcsb_id}`,
    version: `revised ${(revised ?? released ?? "at a date that is not stated").slice(0, 10)}`,
  };
  const residues = (one.entity_poly?.pdbx_seq_one_letter_code_can ?? "").replace(/\s/g, "");
  const regions = (one.rcsb_polymer_entity_align ?? [])
    .filter(({ reference_database_accession: of }) => accession !== undefined && of === accession)
    .flatMap(({ aligned_regions: regions }) => regions ?? []);
  if (regions.length === 0) return [base];
  return regions.map(({ entity_beg_seq_id: from, ref_beg_seq_id: start, length }) => ({
    ...base,
    start,
    end: start + length - 1,
    reference: residues.slice(from - 1, from - 1 + length),
    matchingShare: MATCHING_SHARE,
  }));
}
