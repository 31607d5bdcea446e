import { existsSync, readFileSync } from "node:fs";
import type { FastaText } from "../../contract/fasta.js";
import type { Scoring } from "../../contract/jobs.js";
import { variantEffects, type VariantEffects } from "../../contract/result.js";
import { cleanSequence } from "../../contract/sequence.js";

/** A protein, and the file of its result. */
export interface SavedProtein {
  readonly record: FastaText;
  readonly file: string;
}

/** What is asked about it. */
export interface Question {
  readonly scoring: Scoring;
  readonly modelVersion?: string;
  readonly local?: boolean;
}

/**
 * The result of an earlier run, if it answers the same question. A file does not say which version of a model wrote it, and
 * the service finds the finished job of a named one. What synthetic weights gave is no answer of a deployed model.
 */
export function keptResult(
  { record, file }: SavedProtein,
  { scoring, modelVersion, local = false }: Question,
): VariantEffects | undefined {
  if (modelVersion !== undefined || !existsSync(file)) return undefined;
  try {
    const result = variantEffects.parse(JSON.parse(readFileSync(file, "utf8")));
    if (result.model.weights === "synthetic" && !local) return undefined;
    return result.sequence === cleanSequence(record.text).sequence && result.scoring === scoring ? result : undefined;
  } catch {
    // Half a file of a run that was killed, or a file of something else.
    return undefined;
  }
}
