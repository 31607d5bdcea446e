import { writeFileSync } from "node:fs";
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

/**
 * Submits one protein, waits for it, and writes its whole result to a file.
 *
 * @param fileOf the file's name for the id of the job
 * @returns the result
 * @throws Error with the reason, where the job did not complete; errors of `predict`
 */
export async function scoreProtein(
  { tools, s3 }: Scorer,
  submission: Submission,
  fileOf: (outputId: string) => string,
  options: ScoreOptions = {},
): Promise<VariantEffects> {
  const answer = await predict(tools, submission, options);
  if (answer.status !== "completed") throw new Error(`${answer.status}: ${answer.reason ?? "no reason given"}`);
  const result = await wholeResult(answer, s3);
  writeFileSync(fileOf(answer.output_id), JSON.stringify(result));
  return result;
}
