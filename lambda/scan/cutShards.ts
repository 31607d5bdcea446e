import { InputError } from "../../contract/errors.js";
import type { JobRequest } from "../../contract/jobs.js";
import { MAX_NAME_LENGTH } from "../../contract/limits.js";
import { SHARD_PROTEINS, SHARD_RESIDUES, type ShardRecord } from "../../contract/scan.js";
import type { FastaRecord } from "../shared/fastaRecords.js";
import { refuseLongJob } from "../shared/jobLimit.js";
import { readSubmission } from "../shared/submissionInput.js";

/** The request of a protein of a scan. */
export function requestOf(sequence: string): JobRequest {
  return readSubmission({ sequence }).request;
}

/**
 * Cuts records into shards of at most {@link SHARD_PROTEINS} records and {@link SHARD_RESIDUES} residues, in their order. A
 * record that can never be a job stays, with the reason.
 *
 * @param maxInvocationSeconds time of one invocation of the model, in seconds: longer jobs are refused
 */
export async function* cutShards(
  records: AsyncIterable<FastaRecord>,
  maxInvocationSeconds: number,
): AsyncGenerator<readonly ShardRecord[], void, undefined> {
  let shard: ShardRecord[] = [];
  let residues = 0;
  for await (const found of records) {
    const record = shardRecord(found, maxInvocationSeconds);
    const length = "sequence" in record ? record.sequence.length : 0;
    if (shard.length === SHARD_PROTEINS || (shard.length > 0 && residues + length > SHARD_RESIDUES)) {
      yield shard;
      [shard, residues] = [[], 0];
    }
    shard.push(record);
    residues += length;
  }
  if (shard.length > 0) yield shard;
}

function shardRecord(found: FastaRecord, maxInvocationSeconds: number): ShardRecord {
  const { index, name } = found;
  const place = { record: index + 1, ...(name !== undefined && { name: name.slice(0, MAX_NAME_LENGTH) }) };
  if ("error" in found) return { ...place, error: found.error };
  try {
    refuseLongJob(requestOf(found.sequence), maxInvocationSeconds);
    return { ...place, sequence: found.sequence };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...place, error: { code: error.code, message: error.message } };
  }
}
