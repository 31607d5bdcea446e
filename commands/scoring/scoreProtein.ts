import type { S3Client } from "@aws-sdk/client-s3";
import { predict, type Progress } from "../../client/predict.js";
import { wholeResult } from "../../client/results.js";
import type { ToolsClient, Submission } from "../../client/tools.js";
import type { VariantEffects } from "../../contract/result.js";

/** Where a protein is scored. */
export interface Scorer {
  readonly tools: ToolsClient;
  readonly s3: S3Client;
}

/** How one protein is scored. */
export interface ScoreOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the waiting, not the job. */
  readonly signal?: AbortSignal;
}

/** The result of a protein, and what was changed in its sequence. */
export interface ScoredOnce {
  readonly outputId: string;
  readonly result: VariantEffects;
  readonly notes: readonly string[];
}

/**
 * Submits one protein and waits for its whole result.
 *
 * @throws Error with the reason, where the job did not complete; errors of `predict`
 */
export async function scoreProtein(
  { tools, s3 }: Scorer,
  submission: Submission,
  options: ScoreOptions = {},
): Promise<ScoredOnce> {
  const answer = await predict(tools, submission, options);
  if (answer.status !== "completed") throw new Error(`${answer.status}: ${answer.reason ?? "no reason given"}`);
  return { outputId: answer.output_id, result: await wholeResult(answer, s3), notes: answer.notes ?? [] };
}

/** What is said of a protein that was scored. */
export function scoredText({ result, notes }: ScoredOnce): string {
  return [`${result.sequence_length} residues scored`, ...notes].join("; ");
}
