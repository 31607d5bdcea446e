import { inferenceIdOf } from "../../../contract/jobs.js";
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
  const created = await withAttempts(await files.list(filesPrefix(table, "new", day)), files);
  const existing = await files.list(filesPrefix(table, "merged", day));
  const known = new Set((await mapped(existing, (file) => attemptsIn(files.parts(file)))).flat());
  const pending = created.filter(({ attempts }) => attempts.some((attempt) => !known.has(attempt)));
  let merged = 0;
  let late: string[] = [];
  let number = existing.length;
  for (const group of groups(pending)) {
    if (!hasTime()) {
      late = age >= READ_MERGED_AFTER_DAYS - 1 ? [`${table} ${day}`] : [];
      break;
    }
    const attempts = new Set(group.flatMap((file) => file.attempts).filter((attempt) => !known.has(attempt)));
    // The groups before can have had all of them.
    if (attempts.size === 0) continue;
    const contents = await mapped(group, ({ key }) => files.read(key));
    const key = mergedFileKey(table, day, number);
    // Another run is merging the same day: it has the rows of a file that is gone, or of the number that exists.
    if (!areAllThere(contents) || !(await files.create(key, await mergedFile(table, contents, attempts)))) break;
    for (const attempt of attempts) known.add(attempt);
    merged += attempts.size;
    number += 1;
  }
  const unread =
    age >= DELETED_AFTER_DAYS ? created.filter(({ attempts }) => attempts.every((attempt) => known.has(attempt))) : [];
  await files.delete(unread.map(({ key }) => key));
  return { merged, deleted: unread.length, late };
}

/** A new file, with the attempts that have rows in it. */
interface NewFile extends StoredFile {
  readonly attempts: readonly string[];
}

function withAttempts(created: readonly StoredFile[], files: FileStore): Promise<NewFile[]> {
  return mapped(created, async (file) => {
    const attempt = attemptInName(file.key);
    return { ...file, attempts: attempt === undefined ? await attemptsIn(files.parts(file)) : [attempt] };
  });
}

/** One file with the rows of several, in their order: of each attempt once, and only of those that are given. */
function mergedFile(
  table: ResultTable,
  contents: readonly Uint8Array[],
  attempts: ReadonlySet<string>,
): Promise<Uint8Array> {
  const columns: Columns = RESULT_TABLES[table];
  async function* rows(): AsyncGenerator<Row<Columns>> {
    const left = new Set(attempts);
    for (const content of contents) {
      const found = await readParquet(columns, content);
      yield* found.filter((row) => left.has(attemptOfRow(row)));
      for (const row of found) left.delete(attemptOfRow(row));
    }
  }
  return writeParquet(columns, rows(), [...attempts]);
}

function attemptOfRow({ output_id: outputId, attempt }: Row<Columns>): string {
  return inferenceIdOf(String(outputId), Number(attempt));
}

/** Cuts a list of files into groups of at most {@link BYTES_PER_MERGED_FILE}, at least one file each. */
function groups(files: readonly NewFile[]): NewFile[][] {
  const cut: NewFile[][] = [];
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
