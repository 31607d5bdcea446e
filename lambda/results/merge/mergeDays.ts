import {
  DELETED_AFTER_DAYS,
  filesPrefix,
  MERGED_AFTER_DAYS,
  READ_MERGED_AFTER_DAYS,
  RESULT_TABLE_NAMES,
  RESULT_TABLES,
  type Columns,
  type ResultTable,
} from "../../../contract/resultStore.js";
import { attemptInName, mergedFileKey } from "../fileNames.js";
import type { FileStore, StoredFile } from "../fileStore.js";
import { attemptsIn, readParquet, writeParquet } from "../parquetFile.js";
import type { Row } from "../rows.js";

/** Most bytes of new files that become one merged file: its rows pass through the memory of the function. */
const BYTES_PER_MERGED_FILE = 32 * 1024 * 1024;

/** Files that are read at the same time. */
const READS = 16;

const DAY_MS = 86_400_000;

export interface MergeServices {
  readonly files: FileStore;
  readonly now: () => Date;
  /** Whether there is time for another merged file. */
  readonly hasTime: () => boolean;
}

/** What a run did. */
export interface MergeReport {
  /** Attempts whose rows were merged. */
  readonly merged: number;
  /** New files that were deleted. */
  readonly deleted: number;
  /** Days, as `results 2026-11-25`, of which queries soon or already miss rows because there was no time to merge them. */
  readonly late: readonly string[];
}

/**
 * Merges the new files of all days that are old enough, and deletes them when no query reads them any more.
 *
 * Merged files of a day are numbered and never change. A run writes the next number only if it does not exist yet, with
 * the attempts that are in none of the files before. So whatever runs at the same time or stops halfway, each attempt is
 * in one merged file, and a new file is deleted only when its rows are in one.
 */
export async function mergeDays(services: MergeServices): Promise<MergeReport> {
  const reports = [];
  for (const table of RESULT_TABLE_NAMES) {
    const folders = await services.files.folders(filesPrefix(table, "new"));
    for (const day of folders
      .map((folder) => /day=([^/]+)\/$/.exec(folder)?.[1])
      .filter((found) => found !== undefined)) {
      const age = ageInDays(day, services.now());
      if (age >= MERGED_AFTER_DAYS) reports.push(await mergeDay(table, day, age, services));
    }
  }
  return {
    merged: reports.reduce((sum, { merged }) => sum + merged, 0),
    deleted: reports.reduce((sum, { deleted }) => sum + deleted, 0),
    late: reports.flatMap(({ late }) => late),
  };
}

async function mergeDay(table: ResultTable, day: string, age: number, services: MergeServices): Promise<MergeReport> {
  const { files, hasTime } = services;
  const created = await files.list(filesPrefix(table, "new", day));
  const existing = await files.list(filesPrefix(table, "merged", day));
  const known = new Set((await mapped(existing, (file) => attemptsIn(files.parts(file)))).flat());
  const pending = created.filter(({ key }) => !known.has(attemptInName(key)));
  let merged = 0;
  let late: string[] = [];
  for (const [index, group] of groups(pending).entries()) {
    if (!hasTime()) {
      late = age >= READ_MERGED_AFTER_DAYS - 1 ? [`${table} ${day}`] : [];
      break;
    }
    const attempts = group.map(({ key }) => attemptInName(key));
    const contents = await mapped(group, ({ key }) => files.read(key));
    const key = mergedFileKey(table, day, existing.length + index);
    // Another run is merging the same day: it has the rows of a file that is gone, or of the number that exists.
    if (!areAllThere(contents) || !(await files.create(key, await mergedFile(table, contents, attempts)))) break;
    for (const attempt of attempts) known.add(attempt);
    merged += attempts.length;
  }
  const unread = age >= DELETED_AFTER_DAYS ? created.filter(({ key }) => known.has(attemptInName(key))) : [];
  await files.delete(unread.map(({ key }) => key));
  return { merged, deleted: unread.length, late };
}

/** One file with the rows of several, in their order. */
function mergedFile(
  table: ResultTable,
  contents: readonly Uint8Array[],
  attempts: readonly string[],
): Promise<Uint8Array> {
  const columns: Columns = RESULT_TABLES[table];
  async function* rows(): AsyncGenerator<Row<Columns>> {
    for (const content of contents) yield* await readParquet(columns, content);
  }
  return writeParquet(columns, rows(), attempts);
}

/** Cuts a list of files into groups of at most {@link BYTES_PER_MERGED_FILE}, at least one file each. */
function groups(files: readonly StoredFile[]): StoredFile[][] {
  const cut: StoredFile[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    bytes += file.size;
    const last = cut.at(-1);
    if (last === undefined || bytes > BYTES_PER_MERGED_FILE) {
      cut.push([file]);
      bytes = file.size;
    } else last.push(file);
  }
  return cut;
}

async function mapped<Item, Result>(items: readonly Item[], call: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += READS) {
    results.push(...(await Promise.all(items.slice(start, start + READS).map(call))));
  }
  return results;
}

function areAllThere(contents: readonly (Uint8Array | undefined)[]): contents is readonly Uint8Array[] {
  return !contents.includes(undefined);
}

function ageInDays(day: string, now: Date): number {
  return Math.floor((now.getTime() - Date.parse(`${day}T00:00:00Z`)) / DAY_MS);
}
