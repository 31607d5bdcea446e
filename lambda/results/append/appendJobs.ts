import { ToolError } from "../../../contract/errors.js";
import type { VariantEffects } from "../../../contract/result.js";
import { RESULT_TABLES } from "../../../contract/resultStore.js";
import type { ObjectStore } from "../../shared/objectStore.js";
import { readResult } from "../../shared/storedResult.js";
import type { EndedJob } from "../endedJob.js";
import { attemptOf, newFileKey } from "../fileNames.js";
import type { FileStore } from "../fileStore.js";
import { writeParquet } from "../parquetFile.js";
import { jobRow, resultRows } from "../rows.js";

export interface AppendServices {
  readonly objects: ObjectStore;
  readonly files: FileStore;
  /** Told of a completed job whose result cannot be read. */
  readonly unreadable: (job: EndedJob, error: ToolError) => void;
}

/**
 * Writes the rows of one ended job: its variants, then its row in `jobs`. So a row in `jobs` says that the variants are
 * there. Written again, it replaces the same files with the same content.
 */
export async function appendJob(job: EndedJob, services: AppendServices): Promise<void> {
  const result = job.state === "completed" ? await resultOf(job, services) : undefined;
  const scored = result && { result, variants: await appendResult(job, result, services) };
  const file = await writeParquet(RESULT_TABLES.jobs, [jobRow(job, scored)], [attemptOf(job)]);
  await services.files.write(newFileKey("jobs", job), file);
}

/** @returns the number of rows */
async function appendResult(job: EndedJob, result: VariantEffects, { files }: AppendServices): Promise<number> {
  const rows = resultRows(job, result);
  // A Parquet file of no rows has no schema to write.
  if (rows.length === 0) return 0;
  await files.write(newFileKey("results", job), await writeParquet(RESULT_TABLES.results, rows, [attemptOf(job)]));
  return rows.length;
}

/** The result of a completed job; undefined if it was deleted or cannot be read, which does not change by waiting. */
export async function resultOf(
  job: EndedJob,
  { objects, unreadable }: Pick<AppendServices, "objects" | "unreadable">,
): Promise<VariantEffects | undefined> {
  const text = job.output_location === undefined ? undefined : await objects.readText(job.output_location);
  try {
    return readResult(text, job);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    unreadable(job, error);
    return undefined;
  }
}
