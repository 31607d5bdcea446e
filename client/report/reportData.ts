import type { VariantEffects } from "../../contract/result.js";
import type { EvidenceTable } from "../../contract/evidenceTable.js";
import { DataError } from "../dataError.js";
import { scoresOf, type Scores } from "../substitutions.js";
import { reportEvidence, type ReportEvidence } from "./reportEvidence.js";

/** What the page of a report holds of a result, as JSON. */
export interface ReportData extends Required<Scores> {
  /** The caller's name of the protein, or its id. */
  readonly name: string;
  readonly scoring: string;
  readonly model: VariantEffects["model"];
  /** Mean llr over the 19 substitutions of each position. */
  readonly sensitivity: readonly (number | null)[];
  /** Evidence beside the scores; absent without a workflow. */
  readonly evidence?: ReportEvidence;
}

/** Shortest full bar of a position, as llr, so that noise is not drawn in full length. */
const SHORTEST_FULL_BAR = 0.1;

/**
 * The part of a result that a report shows.
 *
 * @param name the protein's name, as the title of the report
 * @param table the evidence of a workflow for the same protein
 * @throws DataError where the result has no percentiles: it was made by a version that is too old for reports
 */
export function reportData(result: VariantEffects, name: string, table?: EvidenceTable): ReportData {
  const { scoring, model, percentiles, sensitivity } = result;
  if (percentiles === undefined) {
    throw new DataError("the result has no percentiles: an old model image made it. Submit the protein again.");
  }
  return {
    name,
    ...scoresOf(result),
    scoring,
    model,
    percentiles,
    sensitivity,
    ...(table && { evidence: reportEvidence(table) }),
  };
}

/** Length of the bar of each position, 0 to 1: the longer, the worse its substitutions are on average. */
export function bars({ sensitivity }: ReportData): number[] {
  const losses = sensitivity.map((mean) => Math.max(0, -(mean ?? 0)));
  const deepest = losses.reduce((most, loss) => Math.max(most, loss), SHORTEST_FULL_BAR);
  return losses.map((loss) => loss / deepest);
}
