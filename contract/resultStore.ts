/**
 * The result store: Parquet files in S3 that Athena and DuckDB query with SQL. The Parquet schema, the tables of the Glue
 * catalog and the SQL of the views all come from here.
 *
 * A file is in one of two stages. `new` has one file per job attempt, written when the ledger records its end. `merged`
 * has the same rows in a few large files per day. A query reads each day in one stage only, see {@link viewSql}.
 */

/** Type of a column: a Parquet type, and the type of Glue with the same name. */
export type ColumnType = "string" | "int" | "double" | "timestamp";

/** The columns of a table, by name. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** Facts of the job that every row has: which protein, which model, and whether the weights were trained. */
const ORIGIN = {
  output_id: "string",
  /** Attempt of the job, from 1. */
  attempt: "int",
  /** SHA-256 of the protein's residues: equal for equal proteins, whatever the model. */
  sequence_sha256: "string",
  /** Model on the Hugging Face hub. */
  model: "string",
  revision: "string",
  image_digest: "string",
  /** Name of the model version; null where the stack had one, and in files that are older than the column. */
  model_version: "string",
  /** `pretrained` or `synthetic`; null in `jobs` if there is no result. */
  weights: "string",
  scoring: "string",
} as const satisfies Columns;

/** The tables, each with its columns. The name is also the first part of the keys of its files. */
export const RESULT_TABLES = {
  /** One row per scored variant of a completed job. */
  results: {
    ...ORIGIN,
    /** Position in the caller's numbering; null for multiple mutants. */
    position: "int",
    /** One-letter code; null for multiple mutants. */
    wild_type: "string",
    /** One-letter code; null for multiple mutants. */
    mutant: "string",
    hgvs: "string",
    /** Log-likelihood ratio (natural logarithm): above 0, the mutant is more likely than the wild type. */
    llr: "double",
    /** Percentile within the protein, 0 to 100; null for multiple mutants. */
    percentile: "double",
    /** When the result was written, UTC. */
    scored_at: "timestamp",
  },
  /** One row per attempt that the ledger recorded as ended, see {@link ENDED_STATES}. */
  jobs: {
    ...ORIGIN,
    state: "string",
    /** Why the attempt was not completed. */
    reason: "string",
    submitted_at: "timestamp",
    completed_at: "timestamp",
    /** Time from submission to end, in seconds. */
    seconds: "double",
    /** Time that the model computed, in seconds; null if there is no result. */
    gpu_seconds: "double",
    sequence_length: "int",
    /** Number of rows of the attempt in `results`; null if there is no result, or if it could not be read. */
    variants: "int",
  },
} as const satisfies Readonly<Record<string, Columns>>;

export type ResultTable = keyof typeof RESULT_TABLES;

/** Names of the tables. */
export const RESULT_TABLE_NAMES = Object.keys(RESULT_TABLES) as readonly ResultTable[];

/** The states of a job that has ended, as the ledger names them. */
export const ENDED_STATES = ["completed", "failed", "expired", "cancelled"] as const;

/** The columns that partition the files, as in their keys: `{table}/stage={stage}/day={day}/`. */
export const PARTITIONS = { stage: "string", day: "string" } as const satisfies Columns;

export const STAGES = ["new", "merged"] as const;
export type Stage = (typeof STAGES)[number];

/** The first day that queries can find, UTC. */
export const FIRST_DAY = "2025-01-01";

/** Results of queries, which Athena writes. */
export const QUERY_RESULTS_PREFIX = "query-results/";

/** Age in days from which a day is merged: then, the stream of the ledger retries no write of that day any more. */
export const MERGED_AFTER_DAYS = 2;

/** Age in days from which queries read a day's merged files: two days after the first attempt to merge it. */
export const READ_MERGED_AFTER_DAYS = 4;

/** Age in days from which the new files of a day are deleted once they are merged: no query reads them any more. */
export const DELETED_AFTER_DAYS = 5;

/** The prefix of the files of a table in a stage, and in one day. */
export function filesPrefix(table: ResultTable, stage: Stage, day?: string): string {
  return `${table}/stage=${stage}/${day === undefined ? "" : `day=${day}/`}`;
}

/** Name of the table of all files; the table without this ending is a view of it. */
export function filesTable(table: ResultTable): string {
  return `${table}_files`;
}

/**
 * The SQL of the view that reads every row once: recent days from the new files, all other days from the merged files.
 * It runs in Athena and in DuckDB.
 */
export function viewSql(table: ResultTable): string {
  const columns = [...Object.keys(RESULT_TABLES[table]), "day"].join(", ");
  const split = `CAST(CAST(current_date - INTERVAL '${READ_MERGED_AFTER_DAYS - 1}' DAY AS date) AS varchar)`;
  const read = (stage: Stage, comparison: string): string =>
    `SELECT ${columns} FROM ${filesTable(table)} WHERE stage = '${stage}' AND day ${comparison} ${split}`;
  return `${read("new", ">=")}\nUNION ALL\n${read("merged", "<")}`;
}
