import { parquetWriteBuffer, type BasicType } from "hyparquet-writer";
import { RESULT_TABLES, type ColumnType } from "../../contract/resultStore.js";
import type { ReportData } from "../report/reportData.js";
import { byPosition, ranked } from "../substitutions.js";

const PARQUET_TYPES: Readonly<Record<ColumnType, BasicType>> = {
  string: "STRING",
  int: "INT32",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
};

/** Columns of the result store that a result alone can fill, and the protein's name. */
const COLUMNS = [
  "model",
  "revision",
  "weights",
  "scoring",
  "position",
  "wild_type",
  "mutant",
  "hgvs",
  "llr",
  "percentile",
];

/** Every scored substitution as a Parquet file, compressed with Snappy, in the columns of the result store. */
export function parquetOf(data: ReportData): Uint8Array {
  const { name, model, scoring } = data;
  const origin = { name, model: model.id, revision: model.revision, weights: model.weights, scoring };
  const rows = ranked(data)
    .toSorted(byPosition)
    .map(({ wildType, ...rest }): Record<string, unknown> => ({ ...origin, ...rest, wild_type: wildType }));
  const types = Object.entries({ name: "string" as const, ...RESULT_TABLES.results });
  const columnData = types
    .filter(([column]) => column === "name" || COLUMNS.includes(column))
    .map(([column, type]) => ({ name: column, type: PARQUET_TYPES[type], data: rows.map((row) => row[column]) }));
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: "SNAPPY" }));
}
