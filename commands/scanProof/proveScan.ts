import { SHARD_PROTEINS, type ScanSummary } from "../../contract/scan.js";
import { distinctProteins } from "../bench/random.js";
import { ScanTwin } from "./scanTwin.js";
import { storedRows, type StoredRows } from "./storedRows.js";

export interface ProofOptions {
  /** Number of proteins that can be scored. */
  readonly proteins: number;
  readonly seed: number;
  /** Folder of a checkpoint; only its description is used. */
  readonly modelDir: string;
  /** Called with one sentence for each part of the run. */
  readonly onProgress?: (message: string) => void;
}

/** The figures of a proof. */
export interface Proof {
  readonly proteins: number;
  /** Proteins that the model had scored when the scan was cancelled, and the cancelled execution had ended. */
  readonly beforeRestart: number;
  /** Answers of the model for proteins that it had scored before; the goal is 0. */
  readonly computedAgain: number;
  /** How the second execution ended. */
  readonly status: string;
  readonly counts: ScanSummary["counts"];
  /** Records that are no proteins. */
  readonly bad: number;
  /** Rows in the Parquet files of shards, and the rows that the proteins have. */
  readonly rows: StoredRows;
  readonly expected: StoredRows;
  readonly seconds: number;
}

const KEY = "uploads/proteome.txt";

/** Residues of the shortest and the longest protein. */
const RESIDUES = [10, 30] as const;

/**
 * Records of a file of which at most a quarter is in flight. With fewer proteins, records that are no proteins are between
 * them: else the cancelled scan would have started all.
 */
const RECORDS_AT_LEAST = 2_000;

/** Most such records after a protein: each shard has two proteins. */
const MOST_BAD = SHARD_PROTEINS / 2 - 1;

/** Rows of a residue: one for each other amino acid. */
const ROWS_PER_RESIDUE = 19;

/**
 * Scans a file, cancels the scan when half of the proteins are scored, and starts it again. The file has two more records: one
 * that is no protein, and one that the model always fails.
 */
export async function proveScan(options: ProofOptions): Promise<Proof> {
  const report = options.onProgress ?? (() => undefined);
  const all = distinctProteins(options.proteins + 1, options.seed, RESIDUES);
  const [failing = "", ...proteins] = all;
  const twin = await ScanTwin.start(options.modelDir, [failing]);
  try {
    const started = Date.now();
    const bad = ">bad\nMKB\n";
    const after = Array<string>(Math.min(MOST_BAD, Math.ceil(RECORDS_AT_LEAST / options.proteins) - 1)).fill(bad);
    const records = [bad, ...all.flatMap((sequence, number) => [`>protein-${number}\n${sequence}\n`, ...after])];
    await twin.upload(KEY, records.join(""));
    report(`Scanning ${proteins.length} proteins.`);
    const first = await twin.startScan(KEY);
    await twin.until(`half of the proteins`, () => twin.scored >= proteins.length / 2);
    await twin.stop(first);
    await twin.ended(first);
    const beforeRestart = twin.scored;
    report(`Cancelled: ${beforeRestart} proteins are scored. Starting again.`);
    const second = await twin.startScan(KEY);
    const status = await twin.ended(second);
    const summary = await twin.summary(KEY);
    report(`The scan has ended as ${status}.`);
    const expected = expectedRows(proteins, records.length);
    let rows = await storedRows(twin);
    await twin.until("all rows", async () => {
      rows = await storedRows(twin);
      return rows.variants >= expected.variants && rows.jobs >= expected.jobs;
    });
    const seconds = Math.round((Date.now() - started) / 1_000);
    const { computedAgain } = twin;
    return {
      proteins: proteins.length,
      beforeRestart,
      computedAgain,
      status,
      counts: summary.counts,
      bad: records.length - all.length,
      rows,
      expected,
      seconds,
    };
  } finally {
    await twin.end();
  }
}

/** @param records number of records of the file */
function expectedRows(proteins: readonly string[], records: number): StoredRows {
  const variants = proteins.reduce((sum, { length }) => sum + ROWS_PER_RESIDUE * length, 0);
  return {
    variants,
    distinctVariants: variants,
    jobs: proteins.length,
    distinctJobs: proteins.length,
    files: Math.ceil(records / SHARD_PROTEINS),
  };
}
