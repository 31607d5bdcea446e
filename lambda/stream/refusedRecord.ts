import type { KinesisStreamRecord } from "aws-lambda";
import type { InputError } from "../../contract/errors.js";
import { STREAM_PREFIXES } from "../../contract/storage.js";

/** A record that can never be a job, as it is stored for its producer. */
export interface RefusedRecord {
  /** Shard and sequence number of the record. */
  readonly record: string;
  readonly stream: string;
  readonly partition_key: string;
  /** When the record came into the stream, ISO 8601. */
  readonly arrived_at: string;
  readonly error_code: string;
  /** Names the record, the fault and the fix. */
  readonly message: string;
  readonly errors: readonly object[];
  /** The content of the record in base64, whatever it is. */
  readonly data: string;
}

/** The key follows from the record: a record that is delivered twice is stored once. */
export function refusedKey({ eventID, kinesis }: KinesisStreamRecord): string {
  const day = arrival(kinesis).slice(0, 10);
  return `${STREAM_PREFIXES.refused}${day}/${eventID.replace(":", "/")}.json`;
}

/** The record with the reason why it is refused. */
export function refusedRecord(record: KinesisStreamRecord, error: InputError): RefusedRecord {
  const { eventID, eventSourceARN: stream, kinesis } = record;
  return {
    record: eventID,
    stream,
    partition_key: kinesis.partitionKey,
    arrived_at: arrival(kinesis),
    error_code: error.code,
    message: `Record ${eventID}: ${error.message}`,
    errors: error.faults,
    data: kinesis.data,
  };
}

function arrival({ approximateArrivalTimestamp: seconds }: KinesisStreamRecord["kinesis"]): string {
  return new Date(seconds * 1_000).toISOString();
}
