import type { S3Client } from "@aws-sdk/client-s3";
import { forPinned, type PinnedVersion } from "../shared/versionServices.js";
import { scanKey, shardKey, type ShardRecord } from "../../contract/scan.js";
import { s3Uri } from "../../contract/storage.js";
import type { JobServices } from "../shared/services.js";
import type { Waits } from "../shared/waits.js";

/** The services of the function of scans. */
export interface ScanServices extends JobServices {
  readonly s3: S3Client;
  readonly waits: Waits;
}

/** The facts about a scan, written when all its shards are. */
export interface Scan {
  readonly scan: string;
  readonly key: string;
  readonly records: number;
  readonly shards: number;
  /** Absent for a scan that an earlier release planned. */
  readonly model?: PinnedVersion;
}

/** Reads a JSON object of the bucket; undefined if it was deleted. */
export async function readObject(
  key: string,
  { objects, settings }: Pick<ScanServices, "objects" | "settings">,
): Promise<unknown> {
  const text = await objects.readText(s3Uri({ bucket: settings.bucketName, key }));
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/**
 * The services of the version that scores a scan.
 *
 * @throws InputError if the stack does not have the version any more, or has another image under its name
 */
export async function ofScan(scan: string, services: ScanServices): Promise<ScanServices> {
  const facts = (await readObject(scanKey(scan), services)) as Scan | undefined;
  return forPinned(services, facts?.model);
}

/** The records of a shard; undefined if it was deleted. */
export async function readShard(shard: string, services: ScanServices): Promise<readonly ShardRecord[] | undefined> {
  return (await readObject(shardKey(shard), services)) as readonly ShardRecord[] | undefined;
}
