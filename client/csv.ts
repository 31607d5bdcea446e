import { DataError } from "./dataError.js";

/** A field, in quotes or not, and what follows it. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n][^,\r\n]*|))(,|\r\n|[\r\n]|$)/y;

/**
 * Reads CSV (RFC 4180): fields in quotes can have commas, quotes and line ends. Empty lines are left out.
 *
 * @returns the fields of each line
 * @throws DataError where a quote is not closed, or followed by text
 */
export function parseCsv(text: string): string[][] {
  const content = text.replace(/^\ufeff/, "");
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < content.length || row.length > 0;) {
    FIELD.lastIndex = at;
    const match = FIELD.exec(content);
    if (!match) throw new DataError(`row ${rows.length + 1} has a quote that is not closed, or is followed by text.`);
    const [whole, quoted, plain = "", end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** Rows as CSV, each line with its end. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\n`).join("");
}

function field(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
