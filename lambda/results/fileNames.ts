import { inferenceIdOf } from "../../contract/jobs.js";
import { filesPrefix, type ResultTable } from "../../contract/resultStore.js";
import { parseShardId } from "../../contract/scan.js";
import type { EndedJob } from "./endedJob.js";

const NEW_FILE = /\.([0-9a-f-]{36}\.\d+)\.parquet$/;
const SHARD_FILE = /\.shard-[0-9a-f-]{36}-\d+\.parquet$/;

/** A job attempt as the files name it: SageMaker's InferenceId. */
export function attemptOf({ output_id: outputId, attempt }: EndedJob): string {
  return inferenceIdOf(outputId, attempt);
}

/**
 * The key of the new file of an attempt. It follows from the ledger's item, so an event that is delivered twice writes
 * the same file twice. Files of one model are next to each other, so that a merged file has few models per row group.
 */
export function newFileKey(table: ResultTable, job: EndedJob): string {
  return `${beginning(table, job)}.${attemptOf(job)}.parquet`;
}

/** The key of the new file of a shard of a scan, with the jobs that completed on the same day as `job`. */
export function shardFileKey(table: ResultTable, shard: string, job: EndedJob): string {
  const { scan, number } = parseShardId(shard);
  return `${beginning(table, job)}.shard-${scan}-${number}.parquet`;
}

/** The UTC day on which a job ended. */
export function dayOf(job: EndedJob): string {
  return new Date(job.completed_at).toISOString().slice(0, 10);
}

function beginning(table: ResultTable, job: EndedJob): string {
  return `${filesPrefix(table, "new", dayOf(job))}${job.model.replaceAll(/[^\w.-]+/g, ".")}`;
}

/** The attempt whose rows a new file has; undefined for the file of a shard, which has those of several. */
export function attemptInName(key: string): string | undefined {
  if (SHARD_FILE.test(key)) return undefined;
  const attempt = NEW_FILE.exec(key)?.[1];
  if (attempt === undefined) throw new Error(`'${key}' is not a file of the result store: move it elsewhere.`);
  return attempt;
}

/** The key of the merged file of a day with a number, from 0. */
export function mergedFileKey(table: ResultTable, day: string, number: number): string {
  return `${filesPrefix(table, "merged", day)}${String(number).padStart(6, "0")}.parquet`;
}
