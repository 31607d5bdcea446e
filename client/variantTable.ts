import { InputError, quoted } from "../contract/errors.js";
import { parseVariant, type Variant } from "../contract/variants.js";
import { parseCsv } from "./csv.js";
import { DataError } from "./dataError.js";

/** Names of the column of variants: those of ProteinGym and MaveDB, and others that are common. */
const VARIANT_COLUMNS = ["mutant", "hgvs_pro", "variant", "mutation", "hgvs"];

/** What tables write for the protein without a change. */
const WILD_TYPE = /^(?:p\.)?\(?=\)?$|^_?wt$/i;

/** A row of a table, and its variant, or why it has none that can be scored. */
export interface VariantRow {
  /** Number of the row, from 1, without the header. */
  readonly row: number;
  readonly fields: readonly string[];
  readonly variant: Variant | { readonly reason: string };
}

/** A table with a column of variants. */
export interface VariantTable {
  readonly header: readonly string[];
  readonly rows: readonly VariantRow[];
}

/**
 * Reads a CSV or TSV file with a header and a column of variants: `K10A`, `p.Lys10Ala`, sites of a multiple mutant joined with
 * `;`, or with `:` as in ProteinGym.
 *
 * @param column name of the column of variants. Default: the first of `mutant`, `hgvs_pro`, `variant`, `mutation`, `hgvs`
 * @throws DataError where the file has no such column, or no row
 */
export function readVariantTable(text: string, column?: string): VariantTable {
  const [header = [], ...rows] = parseCsv(text);
  if (header.length === 0) throw new DataError("the table is empty.");
  const index = columnOf(header, column === undefined ? VARIANT_COLUMNS : [column], "--column");
  if (rows.length === 0) throw new DataError("the table has a header and no row.");
  return {
    header,
    rows: rows.map((given, row) => {
      const fields = fieldsOf(given, header.length, row + 1);
      return { row: row + 1, fields, variant: readVariant(fields[index] ?? "") };
    }),
  };
}

/** The fields of a row, as many as the header has. */
function fieldsOf(given: readonly string[], width: number, row: number): string[] {
  if (given.slice(width).some((field) => field.trim() !== "")) {
    throw new DataError(
      `row ${row} has ${given.length} fields, the header has ${width}: put a field with a divider in it in quotes.`,
    );
  }
  return Array.from({ length: width }, (_, column) => given[column] ?? "");
}

/**
 * Index of the first of several columns that a header has, whatever its case and the white space around it.
 *
 * @param option the option with which a user names another column
 * @throws DataError where it has none of them
 */
export function columnOf(header: readonly string[], names: readonly string[], option: string): number {
  const plain = (name: string): string => name.trim().toLowerCase();
  const found = names.flatMap((name) => {
    const exact = header.indexOf(name);
    return exact === -1 ? header.findIndex((one) => plain(one) === plain(name)) : exact;
  });
  const index = found.find((one) => one !== -1);
  if (index !== undefined) return index;
  throw new DataError(
    `the table has no column ${names.join(", ")}; it has ${header.slice(0, 10).map(quoted).join(", ")}. Name one with ${option}.`,
  );
}

/** A variant in the notation of a table, or why it cannot be scored. */
export function readVariant(text: string): VariantRow["variant"] {
  if (WILD_TYPE.test(text.trim())) return { reason: "the wild type" };
  try {
    return parseVariant(text.replaceAll(":", ";"));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { reason: error.message };
  }
}

/** Why a row has no variant that can be scored; empty where it has one. */
export function reasonOf({ variant }: VariantRow): string {
  return "reason" in variant ? variant.reason : "";
}

/** Whether a row has a variant that can be scored. */
export function isReadable(row: VariantRow): row is VariantRow & { readonly variant: Variant } {
  return !("reason" in row.variant);
}
