import { InputError, quoted, ToolError } from "../../contract/errors.js";
import { uuidOf } from "../../contract/jobs.js";
import { MAX_IN_FLIGHT, MAX_SCAN_RECORDS } from "../../contract/limits.js";
import {
  scanKey,
  SHARD_PROTEINS,
  shardId,
  shardKey,
  shardListKey,
  type ListedShard,
  type PlannedScan,
  type ShardRecord,
} from "../../contract/scan.js";
import { PREFIXES } from "../../contract/storage.js";
import { drainedSeconds, workSeconds, type Queue } from "../shared/estimate.js";
import { fastaRecords } from "../shared/fastaRecords.js";
import { hashOf, openObject, tooLarge, type OpenObject } from "../shared/openObject.js";
import { forActive, pinnedVersion } from "../shared/versionServices.js";
import { cutShards } from "./cutShards.js";
import type { Scan, ScanServices } from "./services.js";

/** Part of what may be in the endpoint's queue that one scan uses: the rest is for other callers. */
const SHARE_OF_QUEUE = 0.5;

/** Part of the shards that may fail before the scan does. */
const TOLERATED_SHARE = 0.1;

/** Shards that are written at the same time. */
const WRITES = 10;

/**
 * Reads a FASTA file twice, as a stream: once for its hash, from which the id of the scan comes, and once to cut it into
 * shards. The same file gives the same shards again. Nothing is started, so a file with a fault starts nothing.
 *
 * @param key of a file below `uploads/`
 * @throws InputError if the file cannot be scanned; ToolError if it was replaced meanwhile, or an AWS call fails
 */
export async function planScan(key: string, all: ScanServices): Promise<PlannedScan> {
  // The version that is active now scores the whole file, however long that takes.
  const services = await forActive(all);
  const { objects, settings, telemetry, times } = services;
  const first = await openUpload(key, services);
  const scan = uuidOf(JSON.stringify([key, await hashOf(first), settings.modelVersion]));
  const { bytes } = await openUpload(key, services, first.etag);
  const measured = { times: await times.read(settings.modelVersion), concurrency: settings.maxConcurrentInvocations };
  const seconds: number[] = [];
  let records = 0;
  let writes: Promise<void>[] = [];
  const found = fastaRecords(bytes, { maxRecords: MAX_SCAN_RECORDS });
  for await (const shard of cutShards(found, settings.maxInvocationSeconds)) {
    seconds.push(secondsOf(shard, measured));
    records += shard.length;
    const shardObject = shardKey(shardId(scan, seconds.length));
    writes.push(objects.writeJson(settings.bucketName, shardObject, JSON.stringify(shard)));
    if (writes.length < WRITES) continue;
    await Promise.all(writes);
    writes = [];
  }
  await Promise.all(writes);
  const listed = seconds.map((_, index): ListedShard => ({ shard: shardId(scan, index + 1) }));
  await objects.writeJson(settings.bucketName, shardListKey(scan), JSON.stringify(listed));
  const facts: Scan = { scan, key, records, shards: listed.length, model: pinnedVersion(services) };
  await objects.writeJson(settings.bucketName, scanKey(scan), JSON.stringify(facts));
  telemetry.info("A scan was planned", { scan, records, shards: listed.length });
  return {
    scan,
    list: shardListKey(scan),
    concurrency: concurrencyOf(seconds, settings.maxCapacity),
    tolerated: Math.max(1, Math.ceil(listed.length * TOLERATED_SHARE)),
  };
}

/**
 * Shards that are worked on at the same time: what the endpoint drains before SageMaker gives requests up, at the work of
 * the heaviest shard.
 *
 * @param seconds work of each shard, in seconds of one instance
 */
export function concurrencyOf(seconds: readonly number[], maxCapacity: number): number {
  const heaviest = seconds.reduce((most, work) => Math.max(most, work), 0);
  const byWork = drainedSeconds(maxCapacity) / heaviest;
  const byJobs = MAX_IN_FLIGHT / SHARD_PROTEINS;
  return Math.max(1, Math.floor(SHARE_OF_QUEUE * Math.min(byWork, byJobs)));
}

function secondsOf(shard: readonly ShardRecord[], measured: Pick<Queue, "times" | "concurrency">): number {
  const works = shard.flatMap((record) =>
    "sequence" in record ? [{ sequence_length: record.sequence.length, scoring: "masked-marginals" as const }] : [],
  );
  return workSeconds(works, measured);
}

async function openUpload(key: string, { s3, settings }: ScanServices, etag?: string): Promise<OpenObject> {
  if (!key.startsWith(PREFIXES.uploads)) {
    throw new InputError(
      "INVALID_INPUT",
      `${quoted(key)} is not the key of a file below ${PREFIXES.uploads}; copy it there, and start the scan with {"key": "${PREFIXES.uploads}NAME"}.`,
    );
  }
  const upload = await openObject(s3, settings.bucketName, key, etag);
  if (upload === undefined && etag !== undefined) {
    throw new ToolError("SERVICE_BUSY", "The file was replaced or deleted while it was read; it is read again.");
  }
  if (upload === undefined) {
    throw new InputError("FILE_UNREADABLE", `There is no file ${quoted(key)} in the bucket; upload it first.`);
  }
  const fault = tooLarge(upload);
  if (fault) throw fault;
  return upload;
}
