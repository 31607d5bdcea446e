/** One record of a stream. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** When it came into the stream, in milliseconds since 1970. */
  readonly arrivedAt: number;
  /** The record as it is in the event of the function. */
  readonly event: object;
  /** The record as filters see it. */
  readonly filtered: unknown;
}

/** Some records of a shard, and where the next ones are; no `next` if the shard is closed and read to its end. */
export interface StreamPage {
  readonly records: readonly StreamRecord[];
  readonly next: string | undefined;
}

/** Where Lambda starts to read a stream that it has not read before: at its oldest record, or behind its newest. */
export const STARTING_POSITIONS = ["TRIM_HORIZON", "LATEST"] as const;
export type StartingPosition = (typeof STARTING_POSITIONS)[number];

/** A stream that Lambda reads: of Kinesis, or of the changes of a DynamoDB table. */
export interface Stream {
  /** The name of the facts about a batch in the record of a failed invocation. */
  readonly batchInfo: "KinesisBatchInfo" | "DDBStreamBatchInfo";
  /** The ids of its shards. */
  shards(): Promise<readonly string[]>;
  /** Where to read a shard. */
  iterator(shardId: string, position: StartingPosition): Promise<string>;
  /** Reads records of a shard in their order. */
  read(iterator: string): Promise<StreamPage>;
}
