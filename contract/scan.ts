import type { RecordError, RecordStatus } from "./fastaDrop.js";
import { PREFIXES } from "./storage.js";

/** Most proteins and residues of a shard: the part of a scan that is one task, and one file of the result store. */
export const SHARD_PROTEINS = 50;
export const SHARD_RESIDUES = 25_000;

/** Error with which a task is answered if none of its jobs completed. */
export const NO_PROTEIN_COMPLETED = "NoProteinCompleted";

/** What is written beside the scanned file: its name with one of these ends, none of which `fastaDrop` watches. */
export const SCAN_OUTPUTS = { summary: ".scan.json", records: ".scan.csv" } as const;

/** First line of the CSV. */
export const SCAN_RECORDS_HEADER = "record,name,output_id,status,reason";

/** What a scan is started with. */
export interface ScanInput {
  /** Key of a FASTA file below `uploads/`. */
  readonly key: string;
}

/** What the first state of a scan gives to the others. */
export interface PlannedScan {
  /** UUID from key, content and model version. */
  readonly scan: string;
  /** Key of the list of shards. */
  readonly list: string;
  /** Shards that are worked on at the same time. */
  readonly concurrency: number;
  /** Shards that may fail before the scan does. */
  readonly tolerated: number;
}

/** One entry of the list of shards. */
export interface ListedShard {
  /** See {@link shardId}. */
  readonly shard: string;
}

/** A record as it is kept in a shard: with its residues, or why it cannot be scored. */
export type ShardRecord = {
  /** 1-based number of the record in the file. */
  readonly record: number;
  /** First word of the header; absent if there is none. */
  readonly name?: string;
} & ({ readonly sequence: string } | { readonly error: RecordError });

/** The tasks of the function of scans; `error` is why the scan failed. */
export type ScanTask =
  | { readonly task: "plan"; readonly key: string }
  | { readonly task: "submit"; readonly shard: string; readonly token: string }
  | { readonly task: "summarise"; readonly scan: string; readonly error?: ScanError };

/** An error of a state, as Step Functions gives it. */
export interface ScanError {
  readonly Error: string;
  readonly Cause?: string;
}

/** Id of a shard: `{scan}/{number from 1}`. */
export function shardId(scan: string, number: number): string {
  return `${scan}/${number}`;
}

/** Scan and number of a shard. */
export function parseShardId(shard: string): { readonly scan: string; readonly number: number } {
  const [, scan, number] = /^([0-9a-f-]{36})\/([1-9]\d*)$/.exec(shard) ?? [];
  if (scan === undefined) throw new RangeError(`'${shard}' is not a shard of a scan.`);
  return { scan, number: Number(number) };
}

/** Key of the facts about a scan. */
export function scanKey(scan: string): string {
  return `${PREFIXES.scans}${scan}/scan.json`;
}

/** Key of the list of its shards. */
export function shardListKey(scan: string): string {
  return `${PREFIXES.scans}${scan}/shards.json`;
}

/** Key of the records of a shard. */
export function shardKey(shard: string): string {
  const { scan, number } = parseShardId(shard);
  return `${PREFIXES.scans}${scan}/shards/${String(number).padStart(5, "0")}.json`;
}

/** The key of what is written beside a scanned file. */
export function scanOutput(uploadKey: string, output: keyof typeof SCAN_OUTPUTS): string {
  return `${uploadKey}${SCAN_OUTPUTS[output]}`;
}

/** What became of a record; `in_progress` only where the scan failed before the end of its jobs. */
export type ScannedStatus = RecordStatus | "invalid" | "in_progress";

/** The summary beside a scanned file. */
export interface ScanSummary {
  readonly status: "completed" | "failed";
  /** Why the scan failed, as Step Functions names it. */
  readonly error?: ScanError;
  /** S3 address of the file. */
  readonly file: string;
  readonly scan: string;
  readonly model_version: string;
  readonly records: number;
  readonly shards: number;
  /** Number of different jobs: records with equal sequences are one job. */
  readonly jobs: number;
  /** Number of records by what became of them; the sum is `records`. */
  readonly counts: Readonly<Record<ScannedStatus, number>>;
  /** Number of records without a result by reason, the most frequent first. */
  readonly failures: readonly { readonly reason: string; readonly records: number }[];
  /** ISO 8601 */
  readonly ended_at: string;
}
