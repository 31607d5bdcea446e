import { nearest } from "../../contract/nearest.js";
import { SAVED_QUERIES, type SavedQuery } from "../../contract/savedQueries.js";
import { UsageError } from "../command.js";
import { asJson, asTable, type QueryRows } from "./rows.js";

/** Options of `vep query`, as the command line gives them. */
export interface QueryOptions {
  readonly workgroup?: string;
  readonly local?: string;
  readonly show?: boolean;
  readonly json?: boolean;
}

const SAVED: Readonly<Record<string, SavedQuery | undefined>> = SAVED_QUERIES;

/**
 * Runs a query and prints its rows; without one, lists the saved queries.
 *
 * @param query name of a saved query, or SQL
 * @returns the exit code
 * @throws UsageError if the query has no such name, or there is nothing to run it on
 * @throws QueryError if the SQL is wrong or the query fails
 */
export async function runQuery(query: string | undefined, options: QueryOptions): Promise<number> {
  if (query === undefined) {
    for (const [name, { description }] of Object.entries(SAVED_QUERIES)) console.log(`${name}\n  ${description}`);
    return 0;
  }
  const sql = sqlOf(query);
  if (options.show === true) console.log(sql);
  else {
    const rows = await rowsOf(sql, options);
    console.log(options.json === true ? asJson(rows) : asTable(rows));
  }
  return 0;
}

/** The SQL of a saved query, or the SQL that was given. */
function sqlOf(query: string): string {
  const saved = SAVED[query];
  if (saved !== undefined) return saved.sql.trim();
  if (/\s/.test(query.trim())) return query;
  const names = Object.keys(SAVED_QUERIES);
  const meant = nearest(query, names);
  const hint = meant === undefined ? `the saved queries are ${names.join(", ")}` : `the nearest is ${meant}`;
  throw new UsageError(`there is no saved query '${query}'; ${hint}.`);
}

/**
 * The rows of a query, from Athena or from a copy.
 *
 * @throws UsageError if neither or both are named; QueryError if the query fails
 */
export async function rowsOf(
  sql: string,
  { local, workgroup }: Pick<QueryOptions, "local" | "workgroup">,
): Promise<QueryRows> {
  if ((local === undefined) === (workgroup === undefined)) {
    throw new UsageError("give either --workgroup, to query in Athena, or --local, to query a copy.");
  }
  if (local !== undefined) {
    const { LocalStore } = await import("./localStore.js");
    const store = await LocalStore.open(local);
    try {
      return await store.query(sql);
    } finally {
      store.close();
    }
  }
  const [{ AthenaClient }, { queryAthena }] = await Promise.all([
    import("@aws-sdk/client-athena"),
    import("./athena.js"),
  ]);
  return queryAthena(new AthenaClient(), { sql, workgroup: workgroup ?? "" });
}
