import type { ErrorCode } from "./errors.js";
import type { JobStatus } from "./jobs.js";
import { PREFIXES } from "./storage.js";

/** Ends of the names of the uploads that become jobs. No end may be the end of another: S3 refuses such notifications. */
export const FASTA_SUFFIXES = [".fasta", ".fa", ".faa", ".fasta.gz", ".fa.gz", ".faa.gz"] as const;

/** What is written beside an upload: its name with one of these ends, none of which is watched. */
export const DROP_OUTPUTS = {
  manifest: ".manifest.jsonl",
  summary: ".summary.json",
  topVariants: ".top-variants.csv",
} as const;

/** Number of best variants of each protein in the CSV. */
export const TOP_VARIANTS = 10;

/** First line of the CSV. */
export const TOP_VARIANTS_HEADER = "record,name,output_id,rank,variant,hgvs,llr";

/** Folder of the files that `submit_fasta` uploads for its callers. */
export const SUBMITTED_PREFIX = `${PREFIXES.uploads}submitted/`;

/** The key of what is written beside an upload. */
export function dropOutput(uploadKey: string, output: keyof typeof DROP_OUTPUTS): string {
  return `${uploadKey}${DROP_OUTPUTS[output]}`;
}

/** How the job of a record ended; `unknown` if the ledger does not have it any more. */
export type RecordStatus = Exclude<JobStatus, "in_progress"> | "unknown";

/** Why a record was not submitted, or a file not read. */
export interface RecordError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** One line of the manifest: a record, and its job or its error. */
export interface ManifestLine {
  /** 1-based number of the record in the file. */
  readonly record: number;
  /** 1-based line on which the record begins. */
  readonly line: number;
  /** First word of the header; absent if there is none. */
  readonly name?: string;
  readonly output_id?: string;
  /** Id of the submission with this name; absent for a record without a name. */
  readonly submission_id?: string;
  readonly error?: RecordError;
  /** How the job ended; absent until all jobs of the file have ended. */
  readonly status?: RecordStatus;
  /** Why the job has no result; absent for a completed job. */
  readonly reason?: string;
}

/** Number of records by what became of them. */
export type DropCounts = Readonly<Record<RecordStatus | "invalid", number>>;

/** The summary beside an upload. */
export interface DropSummary {
  /** `refused`: nothing was started, see `error`. */
  readonly status: "running" | "ended" | "refused";
  /** S3 address of the upload. */
  readonly file: string;
  readonly model_version: string;
  readonly error?: RecordError;
  readonly records?: number;
  /** Present once all jobs have ended; the sum is `records`. */
  readonly counts?: DropCounts;
  /** Number of different jobs: records with equal sequences are one job. */
  readonly jobs?: number;
  /** Completed jobs whose result could not be read: they have no variants in the CSV. */
  readonly unreadable_results?: number;
  /** ISO 8601 */
  readonly started_at: string;
  readonly ended_at?: string;
}
