import * as z from "zod";
import { toOneLetter } from "../../../contract/aminoAcids.js";
import { identifier, words } from "./forms.js";
import { NCBI, NCBI_KEYED, NCBI_RATE, searchSummaries } from "./eutils.js";
import { askableByGene, type Source, type SourceRow } from "./source.js";

/** Records that are read: the genes with more are few, and a request has 200. */
const MOST_RECORDS = 5_000;

const classification = z.object({
  description: z.string().nullish(),
  review_status: z.string().nullish(),
  last_evaluated: z.string().nullish(),
  trait_set: z.array(z.object({ trait_name: z.string().nullish() })).nullish(),
});

/** What each classification is about, in ClinVar's words. */
const KINDS = [
  ["germline_classification", "germline classification"],
  ["clinical_impact_classification", "somatic clinical impact"],
  ["oncogenicity_classification", "oncogenicity classification"],
] as const;

/** A summary of ClinVar in the form of 2024: three classifications instead of one clinical significance. */
export const clinvarRecord = z
  .object({
    accession: identifier,
    accession_version: z.string().nullish(),
    title: words,
    obj_type: z.string().nullish(),
    germline_classification: classification.nullish(),
    clinical_impact_classification: classification.nullish(),
    oncogenicity_classification: classification.nullish(),
  })
  .refine((record) => KINDS.some(([field]) => record[field] !== undefined), {
    error: "germline_classification is missing, and the others: it is not the form of 2024",
  });

type Classification = z.infer<typeof classification>;

/**
 * Stars by review status.
 *
 * @see https://www.ncbi.nlm.nih.gov/clinvar/docs/review_status/
 */
const STARS: Readonly<Record<string, number>> = {
  "practice guideline": 4,
  "reviewed by expert panel": 3,
  "criteria provided, multiple submitters, no conflicts": 2,
  "criteria provided, multiple submitters": 2,
  "criteria provided, conflicting classifications": 1,
  "criteria provided, conflicting interpretations": 1,
  "criteria provided, single submitter": 1,
  "no assertion criteria provided": 0,
  "no classification provided": 0,
  "no assertion provided": 0,
  "no classification for the individual variant": 0,
  "no classifications from unflagged records": 0,
};

/** ClinVar: how laboratories classify human variants, in their words. */
export const clinvar: Source = {
  name: "clinvar",
  title: "ClinVar",
  licence: "public domain (NCBI)",
  terms: "https://www.ncbi.nlm.nih.gov/clinvar/docs/maintenance_use/",
  hosts: [NCBI],
  rate: NCBI_RATE,
  keyed: NCBI_KEYED,
  ttlSeconds: 86_400,
  schemaVersion: 1,
  askable: (protein) => askableByGene(protein, "variants of human genes"),
  load: async ({ gene = "" }, client) => {
    const term = `"${gene}"[gene] AND single_gene[prop]`;
    const found = await searchSummaries(client, {
      database: "clinvar",
      term,
      most: MOST_RECORDS,
      schema: clinvarRecord,
    });
    const { build, count, ids, records, unread } = found;
    const notes = [
      ...(count > ids.length ? [`the first ${ids.length} of ${count} records of ${gene}`] : []),
      ...(unread > 0 ? [`${unread} records that ClinVar itself could not read`] : []),
    ];
    return {
      version: build,
      ...(notes.length > 0 && { note: notes.join("; ") }),
      rows: records.flatMap(([id, record]) => clinvarRows(id, record)),
    };
  },
};

/** The rows of a record: one for each classification that it has. */
export function clinvarRows(id: string, record: z.infer<typeof clinvarRecord>): SourceRow[] {
  const change = proteinChange(record.title);
  return KINDS.flatMap(([field, kind]) => {
    const given = record[field];
    // A record without a classification of a kind has an empty one.
    if (!given?.description) return [];
    return [
      {
        ...change,
        kind,
        value: `${given.description}; ${reviewText(given)}; ${dateText(given)}${conditionsText(given)} [${record.title}]`,
        url: `https://www.ncbi.nlm.nih.gov/clinvar/variation/${id}/`,
        version: `${record.accession_version || record.accession}, ${dateText(given)}`,
      },
    ];
  });
}

/** Number of stars for a review status; undefined for one that ClinVar did not have before. */
export function stars(reviewStatus: string): number | undefined {
  return STARS[reviewStatus.toLowerCase()];
}

function reviewText({ review_status: status }: Classification): string {
  if (!status) return "no review status";
  const count = stars(status);
  return count === undefined ? status : `${count} ${count === 1 ? "star" : "stars"} (${status})`;
}

/** The date as ISO 8601. What was never evaluated has a date in the first year. */
function dateText({ last_evaluated: date }: Classification): string {
  const [, year = "", month = "", day = ""] = /^(\d+)\/(\d+)\/(\d+)/.exec(date ?? "") ?? [];
  if (Number(year) < 1900) return "no date of evaluation";
  return `last evaluated ${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function conditionsText({ trait_set: traits }: Classification): string {
  const names = (traits ?? []).flatMap(({ trait_name: name }) => (name ? [name] : []));
  return names.length > 0 ? `; ${names.join(", ")}` : "";
}

/** The protein change in a title, such as `NM_000041.4(APOE):c.388T>C (p.Cys130Arg)`. */
function proteinChange(title: string): Pick<SourceRow, "start" | "end" | "variant" | "reference"> {
  const [, from = "", digits = "", to = ""] = /\(p\.([A-Z][a-z]{2})(\d+)([^)]*)\)/.exec(title) ?? [];
  const wildType = toOneLetter(from);
  const position = Number(digits);
  if (wildType === undefined || position < 1) return {};
  const mutant = toOneLetter(to);
  return {
    start: position,
    end: position,
    reference: wildType,
    ...(mutant !== undefined && { variant: `${wildType}${position}${mutant}` }),
  };
}
