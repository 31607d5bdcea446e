import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from "hyparquet";
import { ByteWriter, parquetWriteRows, type BasicType } from "hyparquet-writer";
import type { Columns, ColumnType } from "../../contract/resultStore.js";
import type { Row } from "./rows.js";

const PARQUET_TYPES: Readonly<Record<ColumnType, BasicType>> = {
  string: "STRING",
  int: "INT32",
  double: "DOUBLE",
  timestamp: "TIMESTAMP",
};

/** Rows per row group: queries skip whole groups by the statistics of their columns. */
const ROWS_PER_GROUP = 200_000;

/** Bytes of each minimum and maximum in the statistics: enough to tell models apart whose names begin alike. */
const STATISTICS_BYTES = 128;

/** Key of a file's metadata that lists the attempts with rows in it. */
const ATTEMPTS_KEY = "amplify-vep.attempts";

/**
 * Writes a Parquet file, compressed with Snappy. Equal rows give equal bytes.
 *
 * @param columns names and types of the columns
 * @param rows all rows
 * @param attempts the job attempts that the rows belong to, see `attemptOf`; kept in the file's metadata
 */
export async function writeParquet<Table extends Columns>(
  columns: Table,
  rows: readonly Row<Table>[] | AsyncIterable<Row<Table>>,
  attempts: readonly string[],
): Promise<Uint8Array> {
  const writer = new ByteWriter();
  await parquetWriteRows({
    writer,
    rows: rows as Row<Table>[] | AsyncIterable<Row<Table>>,
    columns: Object.entries(columns).map(([name, type]) => ({ name, type: PARQUET_TYPES[type] })),
    codec: "SNAPPY",
    rowGroupSize: ROWS_PER_GROUP,
    statisticsTruncateLength: STATISTICS_BYTES,
    kvMetadata: [{ key: ATTEMPTS_KEY, value: JSON.stringify(attempts) }],
    createdBy: "amplify-vep",
  });
  return writer.getBytes();
}

/** Reads all rows of a Parquet file. A column that is newer than the file is null. */
export async function readParquet<Table extends Columns>(columns: Table, bytes: Uint8Array): Promise<Row<Table>[]> {
  const file = bufferOf(bytes);
  const metadata = await parquetMetadataAsync(file);
  const present = new Set(metadata.schema.map(({ name }) => name));
  const [known, absent] = [true, false].map((is) => Object.keys(columns).filter((name) => present.has(name) === is));
  const rows = await parquetReadObjects({ file, metadata, columns: known ?? [] });
  const nulls = Object.fromEntries((absent ?? []).map((name) => [name, null]));
  return rows.map((row) => ({ ...nulls, ...row })) as unknown as Row<Table>[];
}

/**
 * The job attempts that have rows in a file, from its metadata.
 *
 * @param file read from its end, where Parquet keeps the metadata
 */
export async function attemptsIn(file: AsyncBuffer): Promise<string[]> {
  const { key_value_metadata: entries } = await parquetMetadataAsync(file);
  const value = entries?.find(({ key }) => key === ATTEMPTS_KEY)?.value;
  if (value === undefined) throw new Error(`A merged file has no metadata ${ATTEMPTS_KEY}.`);
  return JSON.parse(value) as string[];
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
