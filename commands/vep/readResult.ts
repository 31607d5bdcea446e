import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { wholeResult } from "../../client/results.js";
import { variantEffects, type VariantEffects } from "../../contract/result.js";
import { UsageError } from "../command.js";
import { withTarget, type TargetOptions } from "./target.js";

/** A result, and what to call its protein. */
export interface NamedResult {
  readonly name: string;
  readonly result: VariantEffects;
}

const SYNTHETIC = "Synthetic weights: a random model for tests made these scores. They say nothing about the protein.";

const OUTPUT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a text is the id of a job. */
export function isOutputId(text: string): boolean {
  return OUTPUT_ID.test(text);
}

/** Says on standard error that scores mean nothing, where the weights are synthetic. */
export function warnIfSynthetic({ model }: VariantEffects): void {
  if (model.weights === "synthetic") console.error(SYNTHETIC);
}

/**
 * Reads a result from a file that `vep predict` wrote, or, for the id of a job, from a deployment.
 *
 * @throws UsageError where the text is neither, or the file is no result
 */
export async function readResult(text: string, options: TargetOptions): Promise<NamedResult> {
  if (existsSync(text)) return { name: path.basename(text, path.extname(text)), result: resultOfFile(text) };
  if (!isOutputId(text)) throw new UsageError(`'${text}' is neither a file nor the id of a job.`);
  return withTarget(options, async ({ tools, s3 }) => {
    const answer = await tools.getResults({ output_id: text, detail: "full" });
    return { name: answer.name ?? text, result: await wholeResult(answer, s3) };
  });
}

function resultOfFile(file: string): VariantEffects {
  try {
    return variantEffects.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new UsageError(`file '${file}' is no result; vep predict writes one for each protein.`);
  }
}
