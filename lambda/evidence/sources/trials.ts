import * as z from "zod";
import { words } from "./forms.js";
import { askableByGene, type Source, type SourceRow } from "./source.js";
import type { SourceRequest } from "./sourceClient.js";

const HOST = "https://clinicaltrials.gov";

/** Studies that are listed. */
const STUDIES = 20;

const study = z.object({
  protocolSection: z.object({
    identificationModule: z.object({ nctId: z.string().regex(/^NCT\d{8}$/), briefTitle: words }),
    statusModule: z.object({
      overallStatus: words,
      lastUpdatePostDateStruct: z.object({ date: z.string() }).nullish(),
    }),
    designModule: z.object({ phases: z.array(z.string()).nullish() }).nullish(),
  }),
});

/** Studies of ClinicalTrials.gov, API version 2. */
export const trialsAnswer = z.object({
  totalCount: z.int().nullish(),
  nextPageToken: z.string().nullish(),
  studies: z.array(study),
});

/** @see https://clinicaltrials.gov/data-api/api */
export function studiesRequest(gene: string): SourceRequest {
  return {
    url: `${HOST}/api/v2/studies`,
    query: {
      "query.term": `"${gene}"`,
      fields: "NCTId,BriefTitle,OverallStatus,Phase,LastUpdatePostDate",
      pageSize: String(STUDIES),
      countTotal: "true",
      format: "json",
    },
    missing: "its API is gone",
  };
}

/** ClinicalTrials.gov: studies whose text names the gene. */
export const trials: Source = {
  name: "trials",
  title: "ClinicalTrials.gov",
  licence: "public domain (NLM), with terms",
  terms: "https://clinicaltrials.gov/about-site/terms-conditions",
  hosts: [HOST],
  // No limit is published; its robots.txt asks for a second between requests.
  rate: { bucket: "clinicaltrials", perSecond: 0.8, burst: 1 },
  ttlSeconds: 86_400,
  schemaVersion: 1,
  askable: (protein) => askableByGene(protein, "studies of humans"),
  load: async ({ gene = "" }, client) => {
    const { body } = await client.json(studiesRequest(gene), trialsAnswer);
    const note = leftOut(body);
    return {
      version: `as of ${client.now.toISOString().slice(0, 10)}`,
      ...(note !== undefined && { note }),
      rows: body.studies.map(studyRow),
    };
  },
};

/** What is on further pages, which are not read; undefined if there are none. */
function leftOut({
  totalCount: total,
  nextPageToken: next,
  studies,
}: z.infer<typeof trialsAnswer>): string | undefined {
  if ((total ?? 0) > studies.length) return `${studies.length} of ${total} studies`;
  return next ? `the first ${studies.length} studies` : undefined;
}

function studyRow({ protocolSection }: z.infer<typeof study>): SourceRow {
  const { identificationModule, statusModule, designModule } = protocolSection;
  const { nctId, briefTitle } = identificationModule;
  const phases = (designModule?.phases ?? []).join(", ").toLowerCase();
  const updated = statusModule.lastUpdatePostDateStruct?.date;
  return {
    kind: "clinical study",
    value: `${briefTitle} (${statusModule.overallStatus.toLowerCase().replaceAll("_", " ")}${phases ? `; ${phases}` : ""})`,
    url: `https://clinicaltrials.gov/study/${nctId}`,
    ...(updated && { version: `${nctId}, updated ${updated}` }),
  };
}
