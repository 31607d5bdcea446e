import * as z from "zod";
import { NCBI, NCBI_KEYED, NCBI_RATE, searchSummaries } from "./eutils.js";
import { askableByGene, type Source, type SourceRow } from "./source.js";

/** Articles that are listed, the most relevant first. */
const ARTICLES = 20;

/** A summary of PubMed, as far as it is used: no abstract, which can have a copyright. */
export const pubmedRecord = z.object({
  // A chapter of a book has the title of the book.
  title: z.string().nullish(),
  booktitle: z.string().nullish(),
  source: z.string().nullish(),
  fulljournalname: z.string().nullish(),
  pubdate: z.string().nullish(),
  sortpubdate: z.string().nullish(),
  pubtype: z.array(z.string()).nullish(),
});

/** PubMed: articles that name the gene together with a variant or mutation. */
export const pubmed: Source = {
  name: "pubmed",
  title: "PubMed",
  licence: "public domain (NCBI); the articles have terms of their own",
  terms: "https://www.ncbi.nlm.nih.gov/home/about/policies/",
  hosts: [NCBI],
  rate: NCBI_RATE,
  keyed: NCBI_KEYED,
  ttlSeconds: 86_400,
  schemaVersion: 1,
  askable: (protein) => askableByGene(protein),
  load: async ({ gene = "" }, client) => {
    const term = `"${gene}"[Title/Abstract] AND (variant[Title/Abstract] OR mutation[Title/Abstract])`;
    const most = { database: "pubmed", term, most: ARTICLES, sort: "relevance", schema: pubmedRecord } as const;
    const { build, count, ids, records } = await searchSummaries(client, most);
    const more = count > ids.length ? { note: `the ${ids.length} most relevant of ${count} articles` } : {};
    return { version: build, ...more, rows: records.map(([id, record]) => articleRow(id, record)) };
  },
};

function articleRow(id: string, record: z.infer<typeof pubmedRecord>): SourceRow {
  const { booktitle, pubtype, fulljournalname: journal, source, pubdate, sortpubdate } = record;
  const title = [record.title, booktitle].find((text) => text?.trim()) ?? "no title";
  const retracted = (pubtype ?? []).includes("Retracted Publication") ? "RETRACTED: " : "";
  const day = /^\d{4}\/\d{2}\/\d{2}/.exec(sortpubdate ?? "")?.[0].replaceAll("/", "-");
  const where = [journal || source, pubdate || day].filter(Boolean).join(", ");
  return {
    kind: "article",
    value: `${retracted}${title}${where ? ` ${where}` : ""} (PubMed ${id})`,
    url: `https://pubmed.ncbi.nlm.nih.gov/${id}/`,
    ...(day && { version: day }),
  };
}
