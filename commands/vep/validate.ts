import { existsSync, readFileSync } from "node:fs";
import { readAssay, validate, type Validation } from "../../client/assay.js";
import { scoresOf } from "../../client/substitutions.js";
import type { VariantEffects } from "../../contract/result.js";
import { checkWildTypes } from "../../contract/variants.js";
import { UsageError } from "../command.js";
import { proteinResult, type ProteinOptions } from "./proteinResult.js";
import { warnIfSynthetic } from "./readResult.js";

/** Options of `vep validate`. */
export interface ValidateOptions extends ProteinOptions {
  /** The protein, where the assay does not have it. */
  readonly protein?: string;
  readonly column?: string;
  readonly scoreColumn?: string;
  /** Default: that of the result. */
  readonly numberingOffset?: number;
}

/** Compares the scores of a protein with a deep mutational scan of it. */
export async function validateAssay(file: string, options: ValidateOptions): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`there is no file '${file}'.`);
  const assay = readAssay(readFileSync(file, "utf8"), options);
  const protein = options.protein ?? assay.sequence;
  if (protein === undefined) {
    throw new UsageError("the assay has no column mutated_sequence: name its protein with --protein.");
  }
  const { result } = await proteinResult(protein, options);
  const { numberingOffset: offset = result.numbering_offset } = options;
  checkWildTypes(
    assay.measured.map(({ variant }) => variant),
    result.sequence,
    offset,
  );
  const validation = validate(assay, { ...scoresOf(result), offset });
  if (options.json) {
    const { id, revision, weights } = result.model;
    console.log(JSON.stringify({ model: id, revision, weights, scoring: result.scoring, ...validation }));
  } else {
    console.log(validationText(validation, result));
  }
  warnIfSynthetic(result);
  return 0;
}

function validationText(found: Validation, { model, scoring }: VariantEffects): string {
  const { spearman_interval: interval, top_recall: top } = found;
  const range = interval ? `, 95 % interval ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}` : "";
  const divided = found.auc_threshold === "median" ? "above the median of the assay" : "by the assay's DMS_score_bin";
  return [
    `${model.id} (${model.weights} weights), ${scoring}`,
    `Variants compared    ${found.variants}${found.skipped > 0 ? `, ${found.skipped} rows skipped` : ""}`,
    `Spearman             ${text(found.spearman)}${range}`,
    `AUC                  ${text(found.auc)}, functional: ${divided}`,
    `Recall of the best   ${text(top.recall)}: ${top.found} of the ${top.best} best are among the ${top.chosen} with the highest llr; by chance ${text(top.chance)}`,
  ].join("\n");
}

function text(value: number | null): string {
  return value?.toFixed(3) ?? "none";
}
