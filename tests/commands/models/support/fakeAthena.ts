import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import { mockClient } from "aws-sdk-client-mock";
import type { LocalStore } from "../../../../commands/query/localStore.js";
import type { QueryRows, Value } from "../../../../commands/query/rows.js";

/** Rows of a page, of which Athena has 1,000. */
const PAGE = 100;

/** Athena for tests: it runs each query in DuckDB on a copy of the result store, and answers in pages of texts. */
export class FakeAthena {
  /** Workgroup and database of each query. */
  readonly queries: (string | undefined)[][] = [];
  readonly #mock = mockClient(AthenaClient);

  constructor(store: LocalStore) {
    const results: QueryRows[] = [];
    this.#mock
      .on(StartQueryExecutionCommand)
      .callsFake(async ({ QueryString, WorkGroup, QueryExecutionContext }: StartQueryExecutionCommandInput) => {
        this.queries.push([WorkGroup, QueryExecutionContext?.Database]);
        return { QueryExecutionId: String(results.push(await store.query(QueryString ?? "")) - 1) };
      });
    this.#mock.on(GetQueryExecutionCommand).resolves({ QueryExecution: { Status: { State: "SUCCEEDED" } } });
    this.#mock.on(GetQueryResultsCommand).callsFake(({ QueryExecutionId, NextToken = "0" }) => {
      const { columns = [], rows = [] } = results[Number(QueryExecutionId)] ?? {};
      const all = [columns, ...rows].map((row) => ({ Data: row.map(datum) }));
      const end = Number(NextToken) + PAGE;
      const ColumnInfo = columns.map((Name, column) => ({
        Name,
        Type: typeOf(rows.map((row) => row[column] ?? null)),
      }));
      return {
        ResultSet: { Rows: all.slice(Number(NextToken), end), ResultSetMetadata: { ColumnInfo } },
        ...(end < all.length && { NextToken: String(end) }),
      };
    });
  }

  restore(): void {
    this.#mock.restore();
  }
}

function datum(value: Value): { VarCharValue?: string } {
  return value === null ? {} : { VarCharValue: String(value) };
}

function typeOf(values: readonly Value[]): string {
  return values.some((value) => typeof value === "number") ? "double" : "varchar";
}
