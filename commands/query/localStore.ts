import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DuckDBInstance, DuckDBTimestampValue, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import {
  filesTable,
  PARTITIONS,
  RESULT_TABLE_NAMES,
  RESULT_TABLES,
  type ColumnType,
  type ResultTable,
} from "../../contract/resultStore.js";
import { QueryError, type QueryRows, type Value } from "./rows.js";

const DUCKDB_TYPES: Readonly<Record<ColumnType, string>> = {
  string: "VARCHAR",
  int: "INTEGER",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
};

/** A copy of the result store on this machine, queried with DuckDB. */
export class LocalStore {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /**
   * Opens a copy. Queries can read its files, and no others.
   *
   * @param dir folder with the folders `results` and `jobs` of the bucket
   * @throws QueryError if it has neither
   */
  static async open(dir: string): Promise<LocalStore> {
    const root = resolve(dir);
    if (!RESULT_TABLE_NAMES.some((table) => existsSync(join(root, table)))) {
      throw new QueryError(
        `${dir} has no folder results or jobs; copy them with: aws s3 sync s3://BUCKET/results ${dir}/results`,
      );
    }
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const statements = [
      "SET TimeZone = 'UTC'",
      ...RESULT_TABLE_NAMES.flatMap((table) => definitions(table, join(root, table))),
      `SET allowed_directories = [${quoted(`${root}/`)}]`,
      "SET enable_external_access = false",
      "SET lock_configuration = true",
    ];
    for (const statement of statements) await connection.run(statement);
    return new LocalStore(connection);
  }

  /**
   * Runs one query.
   *
   * @throws QueryError if DuckDB refuses it
   */
  async query(sql: string): Promise<QueryRows> {
    try {
      const result = await this.#connection.runAndReadAll(sql);
      return { columns: result.columnNames(), rows: result.getRows().map((row) => row.map(plain)) };
    } catch (error) {
      throw new QueryError(oneLine(error), { cause: error });
    }
  }

  close(): void {
    this.#connection.closeSync();
  }
}

/**
 * The table of all files, and the view that reads each row once. Unlike Athena's, the view asks the files what is merged,
 * not the date: a copy does not change, so it gives the same rows on any day.
 */
function definitions(table: ResultTable, dir: string): string[] {
  const columns: Record<string, ColumnType> = { ...RESULT_TABLES[table], ...PARTITIONS };
  const names = Object.keys(columns).join(", ");
  const files = filesTable(table);
  const empty = Object.entries(columns).map(([name, type]) => `${name} ${DUCKDB_TYPES[type]}`);
  const types = Object.keys(PARTITIONS).map((name) => `${quoted(name)}: VARCHAR`);
  // A file can be older than a column, and all files can be.
  const nulls = Object.entries(columns).map(([name, type]) => `NULL::${DUCKDB_TYPES[type]} AS ${name}`);
  const read = `read_parquet(${quoted(`${dir}/**/*.parquet`)}, union_by_name = true, hive_partitioning = true, hive_types = {${types.join(", ")}})`;
  return [
    hasFiles(dir)
      ? `CREATE VIEW ${files} AS SELECT ${names} FROM (SELECT * FROM (SELECT ${nulls.join(", ")}) WHERE false UNION ALL BY NAME SELECT * FROM ${read})`
      : `CREATE TABLE ${files} (${empty.join(", ")})`,
    `CREATE VIEW ${table} AS SELECT * EXCLUDE (stage) FROM ${files} f WHERE stage = 'merged' OR NOT EXISTS (
      SELECT 1 FROM ${files} m WHERE m.stage = 'merged' AND m.output_id = f.output_id AND m.attempt = f.attempt)`,
  ];
}

function hasFiles(dir: string): boolean {
  return (
    existsSync(dir) && readdirSync(dir, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".parquet"))
  );
}

function plain(value: DuckDBValue): Value {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "bigint") return Number(value);
  if (value instanceof DuckDBTimestampValue) {
    return new Date(Number(value.micros / 1_000n)).toISOString().slice(0, -1).replace("T", " ");
  }
  return String(value);
}

/** DuckDB's message without the excerpt of the query, which takes several lines. */
function oneLine(error: unknown): string {
  const [message = ""] = (error instanceof Error ? error.message : String(error)).split(/\n+LINE \d+:/);
  return message.replaceAll(/\s+/g, " ").trim();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
