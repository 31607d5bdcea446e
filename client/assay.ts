import type { Variant } from "../contract/variants.js";
import { DataError } from "./dataError.js";
import { auc, spearman, spearmanInterval, topRecall, type Interval, type TopRecall } from "./statistics.js";
import { llrOf, type Scores } from "./substitutions.js";
import { columnOf, isReadable, readVariantTable, reasonOf } from "./variantTable.js";

/** Names of the column of measurements: ProteinGym's and MaveDB's. */
const SCORE_COLUMNS = ["DMS_score", "score"];

/** ProteinGym's column that says whether a variant is functional: 1 or 0. */
const BIN_COLUMN = "DMS_score_bin";

/** ProteinGym's column of the whole sequence of the variant. */
const SEQUENCE_COLUMN = "mutated_sequence";

/** A variant that was measured. */
export interface Measured {
  readonly variant: Variant;
  readonly score: number;
  /** Whether the assay calls it functional; absent where it does not say. */
  readonly functional?: boolean;
}

/** A deep mutational scan. */
export interface Assay {
  readonly measured: readonly Measured[];
  /** Rows that cannot be compared, such as stops, and rows without a measurement. */
  readonly skipped: readonly { readonly row: number; readonly reason: string }[];
  /** The protein, where the table has the sequences of its variants. */
  readonly sequence?: string;
}

/** Which columns an assay is in. */
export interface AssayColumns {
  /** Default: see `readVariantTable`. */
  readonly column?: string;
  /** Default: `DMS_score` or `score`. */
  readonly scoreColumn?: string;
}

/** How well scores agree with an assay. */
export interface Validation {
  /** Variants that were compared. */
  readonly variants: number;
  readonly skipped: number;
  readonly spearman: number | null;
  /** 95 % interval of Spearman's rank correlation, from 1,000 bootstrap samples. */
  readonly spearman_interval: Interval | null;
  readonly auc: number | null;
  /** What divides the variants for the AUC: the assay's own column, or the median of its scores. */
  readonly auc_threshold: "DMS_score_bin" | "median";
  /** Recall of the best tenth. */
  readonly top_recall: TopRecall;
}

/**
 * Reads a deep mutational scan in the columns of ProteinGym (`mutant`, `DMS_score`, `DMS_score_bin`, `mutated_sequence`)
 * or of MaveDB (`hgvs_pro`, `score`). Rows of the wild type, synonymous ones, and kinds that are not scored are skipped.
 *
 * @throws DataError where a column is missing, or no row can be compared
 */
export function readAssay(text: string, { column, scoreColumn }: AssayColumns = {}): Assay {
  const { header, rows } = readVariantTable(text, column);
  const score = columnOf(header, scoreColumn === undefined ? SCORE_COLUMNS : [scoreColumn], "--score-column");
  const [bin, whole] = [header.indexOf(BIN_COLUMN), header.indexOf(SEQUENCE_COLUMN)];
  const measured: Measured[] = [];
  const skipped: Assay["skipped"][number][] = [];
  let sequence: string | undefined;
  for (const row of rows) {
    // Tables with semicolons have a comma in numbers.
    const value = row.fields[score]?.trim().replace(/^(-?\d+),(\d+)$/, "$1.$2") ?? "";
    if (!isReadable(row)) skipped.push({ row: row.row, reason: reasonOf(row) });
    else if (row.variant.every(({ wildType, mutant }) => wildType === mutant))
      skipped.push({ row: row.row, reason: "synonymous" });
    else if (value === "" || !Number.isFinite(Number(value))) skipped.push({ row: row.row, reason: "no measurement" });
    else {
      sequence ??= wildTypeOf(row.variant, row.fields[whole]);
      const called = row.fields[bin]?.trim();
      measured.push({
        variant: row.variant,
        score: Number(value),
        ...((called === "0" || called === "1") && { functional: called === "1" }),
      });
    }
  }
  const [first] = skipped;
  if (measured.length === 0 && first) {
    throw new DataError(
      `no row has a variant and a measurement: ${skipped.length} rows were skipped, the first because ${first.reason}`,
    );
  }
  return { measured, skipped, ...(sequence !== undefined && { sequence }) };
}

/** The sequence of a variant with its changes undone. */
function wildTypeOf(variant: Variant, mutated: string | undefined): string | undefined {
  if (mutated === undefined) return undefined;
  const residues = Array.from(mutated);
  for (const { position, wildType } of variant) residues[position - 1] = wildType;
  return residues.join("");
}

/**
 * Compares scores with an assay in which a higher value means fitter.
 *
 * @param scores of the assay's protein, with wild types that were checked
 */
export function validate({ measured, skipped }: Assay, scores: Scores): Validation {
  const pairs = measured.flatMap((one) => {
    const llr = llrOf(scores, one.variant);
    return llr === null ? [] : [{ ...one, llr }];
  });
  const [predicted, values] = [pairs.map(({ llr }) => llr), pairs.map(({ score }) => score)];
  const hasBins = pairs.every(({ functional }) => functional !== undefined);
  const middle = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
  const functional = pairs.map((one) => (hasBins ? one.functional === true : one.score > middle));
  return {
    variants: pairs.length,
    skipped: skipped.length + measured.length - pairs.length,
    spearman: spearman(predicted, values),
    spearman_interval: spearmanInterval(predicted, values),
    auc: auc(predicted, functional),
    auc_threshold: hasBins ? BIN_COLUMN : "median",
    top_recall: topRecall(predicted, values),
  };
}
