/** A value as the query commands print it: times are text such as `2026-11-25 10:01:00.500`. */
export type Value = string | number | boolean | null;

/** The rows of a query. */
export interface QueryRows {
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** The SQL is wrong, or the query failed; the message is one line. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

/** Most characters of a value in a printed table; JSON has all. */
const WIDEST = 40;

/** The rows as a JSON array of objects. */
export function asJson({ columns, rows }: QueryRows): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
  return JSON.stringify(objects, undefined, 2);
}

/** The rows as a table for a terminal, with the number of rows. */
export function asTable({ columns, rows }: QueryRows): string {
  const cells = [columns.map(shortened), ...rows.map((row) => row.map((value) => shortened(written(value))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const numeric = columns.map((_, index) => rows.every((row) => typeof (row[index] ?? 0) === "number"));
  const lines = cells.map((row) =>
    row
      .map((cell, index) =>
        numeric[index] === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return [...lines, `(${rows.length} ${rows.length === 1 ? "row" : "rows"})`].join("\n");
}

function written(value: Value): string {
  if (value === null) return "";
  return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toFixed(4))) : String(value);
}

function shortened(text: string): string {
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 3)}...` : text;
}
