import { RESULT_TABLES } from "../../../contract/resultStore.js";
import { endedJob, type EndedJob, type EndedShard } from "../endedJob.js";
import { attemptOf, dayOf, shardFileKey } from "../fileNames.js";
import { writeParquet } from "../parquetFile.js";
import { jobRow, resultRows, type Row } from "../rows.js";
import { resultOf, type AppendServices } from "./appendJobs.js";

/** Jobs that are read at the same time. */
const READS = 10;

export interface AppendShardServices extends AppendServices {
  /** The item of a job in the ledger; undefined if there is none. */
  readonly readJob: (outputId: string) => Promise<unknown>;
}

/**
 * Writes the rows of the completed jobs that a shard of a scan started: one file of their variants, then one with their rows
 * in `jobs`. Jobs that somebody else started, and those without a result, have files of their own.
 *
 * The file of a day has every job that completed on it, so that a scan that goes on another day writes no row twice. Written
 * again, it replaces the same files.
 */
export async function appendShard({ shard, all_jobs: ids }: EndedShard, services: AppendShardServices): Promise<void> {
  const jobs = (await jobsOf([...ids], services)).filter((job) => job.shard === shard && job.state === "completed");
  for (const day of new Set(jobs.map(dayOf))) {
    await appendDay(
      shard,
      jobs.filter((job) => dayOf(job) === day),
      services,
    );
  }
}

async function jobsOf(ids: readonly string[], { readJob }: AppendShardServices): Promise<EndedJob[]> {
  const items: unknown[] = [];
  for (let start = 0; start < ids.length; start += READS) {
    items.push(...(await Promise.all(ids.slice(start, start + READS).map(readJob))));
  }
  return items.flatMap((item) => endedJob.safeParse(item).data ?? []);
}

async function appendDay(shard: string, jobs: readonly EndedJob[], services: AppendShardServices): Promise<void> {
  const [one] = jobs;
  if (one === undefined) return;
  const { files } = services;
  const attempts = jobs.map(attemptOf);
  const jobRows: Row<typeof RESULT_TABLES.jobs>[] = [];
  // One result at a time: a shard has up to 500,000 rows.
  async function* rows(): AsyncGenerator<Row<typeof RESULT_TABLES.results>> {
    for (const job of jobs) {
      const result = await resultOf(job, services);
      const found = result === undefined ? [] : resultRows(job, result);
      jobRows.push(jobRow(job, result && { result, variants: found.length }));
      yield* found;
    }
  }
  const found = rows();
  const first = await found.next();
  // A Parquet file of no rows has no schema to write.
  if (first.done !== true) {
    const file = await writeParquet(RESULT_TABLES.results, following(first.value, found), attempts);
    await files.write(shardFileKey("results", shard, one), file);
  }
  await files.write(shardFileKey("jobs", shard, one), await writeParquet(RESULT_TABLES.jobs, jobRows, attempts));
}

async function* following<Item>(first: Item, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  yield first;
  yield* rest;
}
