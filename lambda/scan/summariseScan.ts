import { InputError } from "../../contract/errors.js";
import { outputIdOf, type LedgerItem } from "../../contract/jobs.js";
import {
  NO_PROTEIN_COMPLETED,
  SCAN_RECORDS_HEADER,
  scanKey,
  scanOutput,
  shardId,
  type ScanError,
  type ScannedStatus,
  type ScanSummary,
  type ShardRecord,
} from "../../contract/scan.js";
import { s3Uri } from "../../contract/storage.js";
import { csvText } from "../shared/csvText.js";
import { isWithinRetention, statusOf } from "../shared/jobOutcome.js";
import { requestOf } from "./cutShards.js";
import { readObject, readShard, type Scan, type ScanServices } from "./services.js";

/** Jobs that are read at the same time. */
const AT_A_TIME = 20;

/** Most reasons that a summary has. */
const MOST_REASONS = 20;

/** What became of a record. */
interface ScannedRecord {
  readonly record: number;
  readonly name: string;
  readonly id: string;
  readonly status: ScannedStatus;
  readonly reason: string;
}

/** None of the proteins of a scan completed: the scan fails. */
export class NoProteinCompletedError extends Error {
  override readonly name = NO_PROTEIN_COMPLETED;
}

/**
 * Writes beside the scanned file what became of each record, and a summary.
 *
 * @param error why the scan failed; undefined if it did not
 * @throws InputError if the scan was deleted; NoProteinCompletedError, with the summary written
 */
export async function summariseScan(
  scan: string,
  error: ScanError | undefined,
  services: ScanServices,
): Promise<ScanSummary> {
  const { objects, settings, now } = services;
  const facts = (await readObject(scanKey(scan), services)) as Scan | undefined;
  if (facts === undefined) throw deleted(scan);
  const version = facts.model?.digest ?? settings.modelVersion;
  const records: ScannedRecord[] = [];
  for (let number = 1; number <= facts.shards; number += 1) {
    const shard = await readShard(shardId(scan, number), services);
    if (shard === undefined) throw deleted(scan);
    for (let start = 0; start < shard.length; start += AT_A_TIME) {
      const some = shard.slice(start, start + AT_A_TIME);
      records.push(...(await Promise.all(some.map((record) => scannedRecord(record, version, services)))));
    }
  }
  const jobs = new Set(records.flatMap(({ id }) => (id === "" ? [] : id))).size;
  const counts = countsOf(records);
  const none = jobs > 0 && counts.completed === 0;
  const summary: ScanSummary = {
    status: error === undefined && !none ? "completed" : "failed",
    ...(error !== undefined && { error }),
    file: s3Uri({ bucket: settings.bucketName, key: facts.key }),
    scan,
    model_version: version,
    records: records.length,
    shards: facts.shards,
    jobs,
    counts,
    failures: reasonsOf(records),
    ended_at: now().toISOString(),
  };
  const csv = [SCAN_RECORDS_HEADER, ...records.map(lineOf), ""].join("\r\n");
  await objects.writeText(settings.bucketName, scanOutput(facts.key, "records"), csv, "text/csv; charset=utf-8");
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  await objects.writeJson(settings.bucketName, scanOutput(facts.key, "summary"), text);
  if (none)
    throw new NoProteinCompletedError(`None of the ${jobs} proteins completed; see the summary beside the file.`);
  return summary;
}

async function scannedRecord(
  record: ShardRecord,
  version: string,
  { ledger, now }: ScanServices,
): Promise<ScannedRecord> {
  const place = { record: record.record, name: record.name ?? "" };
  if ("error" in record) return { ...place, id: "", status: "invalid", reason: record.error.message };
  const id = outputIdOf(requestOf(record.sequence), version);
  return { ...place, id, ...endOf(await ledger.read(id), now()) };
}

function endOf(job: LedgerItem | undefined, now: Date): Pick<ScannedRecord, "status" | "reason"> {
  if (job === undefined || !isWithinRetention(job, now)) {
    return {
      status: "unknown",
      reason: "The protein was not submitted, or the ledger does not have its job any more.",
    };
  }
  return { status: statusOf(job), reason: job.state === "completed" ? "" : (job.reason ?? "") };
}

function countsOf(records: readonly ScannedRecord[]): ScanSummary["counts"] {
  const count = (status: ScannedStatus): number => records.filter((record) => record.status === status).length;
  return {
    completed: count("completed"),
    invalid: count("invalid"),
    failed: count("failed"),
    expired: count("expired"),
    cancelled: count("cancelled"),
    in_progress: count("in_progress"),
    unknown: count("unknown"),
  };
}

function reasonsOf(records: readonly ScannedRecord[]): ScanSummary["failures"] {
  const reasons = new Map<string, number>();
  for (const { status, reason } of records) {
    if (status !== "completed") reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons]
    .map(([reason, number]) => ({ reason, records: number }))
    .sort((a, b) => b.records - a.records)
    .slice(0, MOST_REASONS);
}

function lineOf({ record, name, id, status, reason }: ScannedRecord): string {
  return [record, csvText(name), id, status, csvText(reason)].join(",");
}

function deleted(scan: string): InputError {
  return new InputError("FILE_UNREADABLE", `The shards of scan ${scan} were deleted; start the scan again.`);
}
