import { DataError } from "./dataError.js";

/** What divides fields: commas, tabs as in TSV, or semicolons as spreadsheets write where the comma is in numbers. */
type Divider = "," | "\t" | ";";

/** A field, in quotes or not, and what follows it. */
const fieldBefore = (divider: Divider): RegExp =>
  new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|([^"${divider}\\r\\n][^${divider}\\r\\n]*|))(${divider}|\\r\\n|[\\r\\n]|$)`,
    "y",
  );

/** The divider of a header: the first of comma, tab and semicolon that it has. */
function dividerOf(text: string): Divider {
  const [header = ""] = text.replace(/"[^"]*"/g, "").split(/[\r\n]/, 1);
  return ([",", "\t", ";"] as const).find((one) => header.includes(one)) ?? ",";
}

/**
 * Reads CSV (RFC 4180), or the same with tabs or semicolons: fields in quotes can have dividers, quotes and line ends. Empty
 * lines are left out.
 *
 * @returns the fields of each line
 * @throws DataError where a quote is not closed, or followed by text
 */
export function parseCsv(text: string): string[][] {
  const content = text.replace(/^\ufeff/, "");
  const divider = dividerOf(content);
  const field = fieldBefore(divider);
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < content.length || row.length > 0;) {
    field.lastIndex = at;
    const match = field.exec(content);
    if (!match) {
      const place = rows.length === 0 ? "the header" : `row ${rows.length}`;
      throw new DataError(`${place} has a quote that is not closed, or is followed by text.`);
    }
    const [whole, inQuotes, plain = "", end] = match;
    row.push(inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"'));
    at += whole.length;
    if (end === divider) continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** Rows as CSV, each line with its end. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
