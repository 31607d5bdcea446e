import * as z from "zod";
import { words } from "./forms.js";
import { SourceError } from "./sourceError.js";
import type { Rate } from "./rateLimit.js";
import type { SourceClient, SourceRequest } from "./sourceClient.js";

export const NCBI = "https://eutils.ncbi.nlm.nih.gov";

/** Records of one summary request. */
const SUMMARIES = 200;

/**
 * NCBI allows 3 requests a second, and 10 with a key, for all of E-utilities together.
 *
 * @see https://support.nlm.nih.gov/kbArticle/?pn=KA-05510
 */
export const NCBI_RATE: Rate = { bucket: "ncbi", perSecond: 3, burst: 1 };
export const NCBI_KEYED = { parameter: "api_key", rate: { bucket: "ncbi", perSecond: 10, burst: 1 } } as const;

const searchAnswer = z.object({
  esearchresult: z.object({
    count: z.string().regex(/^\d+$/).exactOptional(),
    idlist: z.array(z.string().regex(/^\d+$/)).exactOptional(),
    ERROR: z.string().exactOptional(),
  }),
});

const infoAnswer = z.object({
  einforesult: z.object({ dbinfo: z.array(z.object({ dbbuild: words, lastupdate: words })).min(1) }),
});

const summaryAnswer = z.object({ result: z.looseObject({ uids: z.array(z.string()) }) });

/** A record that the database cannot read: the others are good. */
const unreadRecord = z.object({ error: words });

/** A database of Entrez. */
export type Database = "clinvar" | "pubmed";

/** What a search found. */
export interface Hits {
  /** How many records there are. */
  readonly count: number;
  /** Ids of the first ones. */
  readonly ids: readonly string[];
}

/** Records of a database with a text that was searched for, and its build. */
export interface Summaries<Record> extends Hits {
  readonly build: string;
  readonly records: readonly (readonly [id: string, record: Record])[];
  /** Records for which the database has a fault instead of a summary. */
  readonly unread: number;
}

/**
 * Searches a database, and reads the summaries of what it finds.
 *
 * @param most records that are read
 * @see https://www.ncbi.nlm.nih.gov/books/NBK25499/
 */
export async function searchSummaries<Schema extends z.ZodType>(
  client: SourceClient,
  {
    database,
    term,
    most,
    sort,
    schema,
  }: { database: Database; term: string; most: number; sort?: string; schema: Schema },
): Promise<Summaries<z.infer<Schema>>> {
  const build = await readBuild(client, database);
  const { count, ids } = await search(client, database, { term, retmax: String(most), ...(sort && { sort }) });
  const records: [string, z.infer<Schema>][] = [];
  for (let start = 0; start < ids.length; start += SUMMARIES) {
    records.push(...(await readSummaries(client, database, ids.slice(start, start + SUMMARIES), schema)));
  }
  return { count, ids, build, records, unread: ids.length - records.length };
}

async function readBuild(client: SourceClient, database: Database): Promise<string> {
  const { body } = await client.json(utility("einfo", { db: database }), infoAnswer);
  const [info] = body.einforesult.dbinfo;
  return info === undefined ? "" : `${info.dbbuild}, updated ${info.lastupdate}`;
}

async function search(client: SourceClient, db: Database, query: Readonly<Record<string, string>>): Promise<Hits> {
  const { body } = await client.json(utility("esearch", { db, ...query }), searchAnswer);
  const { count, idlist, ERROR: fault } = body.esearchresult;
  if (count === undefined || idlist === undefined) {
    throw new SourceError("unavailable", `its search failed${fault ? `: ${fault.slice(0, 200)}` : ""}`);
  }
  return { count: Number(count), ids: idlist };
}

async function readSummaries<Schema extends z.ZodType>(
  client: SourceClient,
  db: Database,
  ids: readonly string[],
  schema: Schema,
): Promise<[string, z.infer<Schema>][]> {
  const { body } = await client.json(utility("esummary", { db, id: ids.join(",") }), summaryAnswer);
  const { result } = body;
  const missing = ids.filter((id) => !(id in result));
  if (missing.length > 0)
    throw new SourceError("unavailable", `its answer lacks ${missing.length} of the records asked for`);
  const read = ids.filter((id) => !unreadRecord.safeParse(result[id]).success);
  return read.map((id) => [id, client.parsed(JSON.stringify(result[id]), schema)]);
}

function utility(name: "einfo" | "esearch" | "esummary", query: Readonly<Record<string, string>>): SourceRequest {
  return {
    url: `${NCBI}/entrez/eutils/${name}.fcgi`,
    query: { ...query, retmode: "json", tool: "amplify-vep" },
    missing: "NCBI does not offer the request any more",
  };
}
