import { setTimeout } from "node:timers/promises";
import {
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  type AthenaClient,
  type ColumnInfo,
  type Datum,
} from "@aws-sdk/client-athena";
import { QueryError, type QueryRows, type Value } from "./rows.js";

/** Shortest and longest wait before the state of a query is asked again, in milliseconds. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/** Types whose values are numbers. */
const NUMERIC = /^(tinyint|smallint|integer|bigint|float|real|double)$/;

/**
 * Runs one query in Athena, waits for its end and reads all rows.
 *
 * @param workgroup workgroup of the stack; the database has the same name with underscores
 * @param wait waits a number of milliseconds
 * @throws QueryError if Athena refuses the query, or if it fails
 */
export async function queryAthena(
  athena: AthenaClient,
  { sql, workgroup, wait = setTimeout }: { sql: string; workgroup: string; wait?: (ms: number) => Promise<unknown> },
): Promise<QueryRows> {
  const { QueryExecutionId: id } = await refusals(
    athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: workgroup.replaceAll("-", "_") },
      }),
    ),
  );
  if (id === undefined) throw new QueryError("Athena started no query.");
  await finished(athena, id, wait);
  return readRows(athena, id);
}

async function finished(athena: AthenaClient, id: string, wait: (ms: number) => Promise<unknown>): Promise<void> {
  for (let ms = FIRST_WAIT_MS; ; ms = Math.min(ms * 2, LONGEST_WAIT_MS)) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State: state, StateChangeReason: reason = "Athena gave no reason." } = QueryExecution?.Status ?? {};
    if (state === "SUCCEEDED") return;
    if (state === "FAILED" || state === "CANCELLED") throw new QueryError(oneLine(`${state.toLowerCase()}: ${reason}`));
    await wait(ms);
  }
}

async function readRows(athena: AthenaClient, id: string): Promise<QueryRows> {
  const rows: Value[][] = [];
  let columns: ColumnInfo[] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId: id })) {
    columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
    const data = (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data);
    rows.push(...data.map((row) => row.map((datum, index) => valueOf(datum, columns[index]))));
  }
  // The first row has the names of the columns.
  return { columns: columns.map(({ Name = "" }) => Name), rows: rows.slice(1) };
}

function valueOf(
  { VarCharValue: text }: Datum,
  { Type = "varchar" }: ColumnInfo = { Name: "", Type: "varchar" },
): Value {
  if (text === undefined) return null;
  if (Type === "boolean") return text === "true";
  return NUMERIC.test(Type) && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** Gives the messages of refused requests in one line. */
async function refusals<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidRequestException") {
      throw new QueryError(oneLine(error.message), { cause: error });
    }
    throw error;
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
