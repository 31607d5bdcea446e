import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { csvText } from "../../client/csv.js";
import { DataError } from "../../client/dataError.js";
import { SIGN } from "../../client/score.js";
import { llrOf, scoresOf } from "../../client/substitutions.js";
import { isReadable, readVariant, readVariantTable, reasonOf, type VariantTable } from "../../client/variantTable.js";
import { checkWildTypes, formatVariant, variantLabel } from "../../contract/variants.js";
import { UsageError } from "../command.js";
import { proteinResult, type ProteinOptions } from "./proteinResult.js";
import { warnIfSynthetic } from "./readResult.js";

/** Options of `vep score`. */
export interface ScoreOptions extends ProteinOptions {
  /** Column of the variants. */
  readonly column?: string;
  readonly out?: string;
  /** Default: that of the result. */
  readonly numberingOffset?: number;
}

/** The column that is added. */
const ADDED = "llr";

/** Rows without a score that are listed. */
const LISTED = 5;

/**
 * Scores variants, from the command line or from a CSV file, and writes them as CSV with the column `llr`.
 *
 * @param texts variants, or the one name of a CSV file
 */
export async function scoreVariants(protein: string, texts: readonly string[], options: ScoreOptions): Promise<number> {
  const table = tableOf(texts, options.column);
  if (table.header.includes(ADDED)) {
    throw new DataError(`the table has a column '${ADDED}' already; rename it first.`);
  }
  const { result } = await proteinResult(protein, options);
  const { numberingOffset: offset = result.numbering_offset } = options;
  const readable = table.rows.filter(isReadable);
  checkWildTypes(
    readable.map(({ variant }) => variant),
    result.sequence,
    offset,
  );
  const scores = { ...scoresOf(result), offset };
  const llr = new Map(readable.map((row) => [row.row, llrOf(scores, row.variant)]));
  if (options.json) {
    const variants = readable.map(({ row, variant }) => ({
      variant: formatVariant(variant),
      hgvs: variantLabel(variant),
      llr: llr.get(row) ?? null,
    }));
    print(`${JSON.stringify({ weights: result.model.weights, variants })}\n`, options.out);
  } else {
    const rows = table.rows.map(({ row, fields }) => [...fields, `${llr.get(row) ?? ""}`]);
    print(csvText([[...table.header, ADDED], ...rows]), options.out);
  }
  sayUnscored(table);
  if (process.stdout.isTTY) console.error(`llr ${SIGN}.`);
  warnIfSynthetic(result);
  return 0;
}

function tableOf(texts: readonly string[], column: string | undefined): VariantTable {
  const [file = ""] = texts;
  if (texts.length === 1 && existsSync(file)) return readVariantTable(readFileSync(file, "utf8"), column);
  if (texts.length === 1 && /\.(csv|tsv|txt)$/i.test(file)) throw new UsageError(`there is no file '${file}'.`);
  const rows = texts.map((text, index) => ({ row: index + 1, fields: [text], variant: readVariant(text) }));
  const refused = rows.find((row) => !isReadable(row));
  if (refused) throw new UsageError(reasonOf(refused));
  return { header: ["variant"], rows };
}

function print(text: string, out: string | undefined): void {
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
}

function sayUnscored({ rows }: VariantTable): void {
  const unscored = rows.filter((row) => !isReadable(row)).map((row) => `row ${row.row}: ${reasonOf(row)}`);
  if (unscored.length === 0) return;
  console.error(`${unscored.length} of ${rows.length} rows have no score:`);
  for (const text of unscored.slice(0, LISTED)) console.error(`  ${text}`);
  if (unscored.length > LISTED) console.error(`  and ${unscored.length - LISTED} more`);
}
