import * as z from "zod";
import { identifier, words } from "./forms.js";
import { type Source, type SourceRow } from "./source.js";
import { SourceError } from "./sourceError.js";
import type { SourceRequest } from "./sourceClient.js";

const HOST = "https://api.platform.opentargets.org";

const drugRow = z.object({
  maxClinicalStage: z.string().nullish(),
  drug: z.object({ id: identifier, name: words, drugType: z.string().nullish() }).nullish(),
});

/** The drugs and clinical candidates of a target, in the form of the platform since 2026. */
export const openTargetsAnswer = z
  .object({
    errors: z.array(z.object({ message: z.string() })).exactOptional(),
    data: z
      .object({
        meta: z.object({ dataVersion: z.object({ year: words, month: words }) }),
        target: z
          .object({
            id: z.string(),
            approvedSymbol: z.string(),
            drugAndClinicalCandidates: z.object({ count: z.int(), rows: z.array(drugRow) }).nullable(),
          })
          .nullable(),
      })
      .nullish(),
  })
  .refine(({ data, errors }) => Boolean(data) || (errors ?? []).length > 0, { error: "neither data nor errors" });

const QUERY = `query ($id: String!) {
  meta { dataVersion { year month } }
  target(ensemblId: $id) {
    id
    approvedSymbol
    drugAndClinicalCandidates { count rows { maxClinicalStage drug { id name drugType } } }
  }
}`;

/** @see https://platform-docs.opentargets.org/data-access/graphql-api */
export function targetRequest(ensemblGene: string): SourceRequest {
  return {
    url: `${HOST}/api/v4/graphql`,
    body: { query: QUERY, variables: { id: ensemblGene } },
    missing: "its API is gone",
  };
}

/** Open Targets: which drugs and candidates act on the protein, and how far their development is. */
export const openTargets: Source = {
  name: "opentargets",
  title: "Open Targets Platform",
  licence: "CC0 1.0",
  terms: "https://platform-docs.opentargets.org/licence",
  hosts: [HOST],
  rate: { bucket: "opentargets", perSecond: 3, burst: 3 },
  ttlSeconds: 7 * 86_400,
  schemaVersion: 1,
  askable: ({ ensembl_gene: gene }) =>
    gene === undefined
      ? { reason: "it is asked by Ensembl's id of a human gene, and UniProt names none for this protein" }
      : { key: gene },
  load: async ({ ensembl_gene: gene = "" }, client) => {
    const { body } = await client.json(targetRequest(gene), openTargetsAnswer);
    const [fault] = body.errors ?? [];
    if (fault || !body.data) {
      throw new SourceError("unavailable", `it refuses the query${fault ? `: ${fault.message.slice(0, 200)}` : ""}`);
    }
    const { target, meta } = body.data;
    if (target === null) throw new SourceError("not found", `Open Targets has no target ${gene}`);
    if (target.id !== gene) throw new SourceError("unavailable", `its answer is about another gene than ${gene}`);
    const { year, month } = meta.dataVersion;
    const rows = (target.drugAndClinicalCandidates?.rows ?? []).flatMap((row) => drugRows(row));
    return { version: `${year}.${month}`, rows };
  },
};

function drugRows({ drug, maxClinicalStage: stage }: z.infer<typeof drugRow>): SourceRow[] {
  if (!drug) return [];
  const type = drug.drugType ? ` (${drug.drugType})` : "";
  const words = stage ? `, highest clinical stage ${stage.toLowerCase().replaceAll("_", " ")}` : "";
  return [
    {
      kind: "drug or clinical candidate",
      value: `${drug.name}${type}${words}`,
      url: `https://platform.opentargets.org/drug/${drug.id}`,
    },
  ];
}
