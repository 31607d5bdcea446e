import { inferenceIdOf } from "../../contract/jobs.js";
import { filesPrefix, type ResultTable } from "../../contract/resultStore.js";
import type { EndedJob } from "./endedJob.js";

const NEW_FILE = /\.([0-9a-f-]{36}\.\d+)\.parquet$/;

/** A job attempt as the files name it: SageMaker's InferenceId. */
export function attemptOf({ output_id: outputId, attempt }: EndedJob): string {
  return inferenceIdOf(outputId, attempt);
}

/**
 * The key of the new file of an attempt. It follows from the ledger's item, so an event that is delivered twice writes
 * the same file twice. Files of one model are next to each other, so that a merged file has few models per row group.
 */
export function newFileKey(table: ResultTable, job: EndedJob): string {
  const day = new Date(job.completed_at).toISOString().slice(0, 10);
  const model = job.model.replaceAll(/[^\w.-]+/g, ".");
  return `${filesPrefix(table, "new", day)}${model}.${attemptOf(job)}.parquet`;
}

/** The attempt whose rows a new file has. */
export function attemptInName(key: string): string {
  const attempt = NEW_FILE.exec(key)?.[1];
  if (attempt === undefined) throw new Error(`'${key}' is not a file of the result store: move it elsewhere.`);
  return attempt;
}

/** The key of the merged file of a day with a number, from 0. */
export function mergedFileKey(table: ResultTable, day: string, number: number): string {
  return `${filesPrefix(table, "merged", day)}${String(number).padStart(6, "0")}.parquet`;
}
