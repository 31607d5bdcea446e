import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand, type _Record } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { ACCOUNT } from "../../account.js";
import type { StartingPosition, Stream, StreamPage, StreamRecord } from "./stream.js";

/** A stream of Kinesis. */
export class KinesisStream implements Stream {
  readonly batchInfo = "KinesisBatchInfo";

  /** @param role ARN of the role of the function, which is in each event */
  constructor(
    private readonly arn: string,
    private readonly role: string,
    private readonly kinesis: KinesisClient,
  ) {}

  async shards(): Promise<string[]> {
    const { Shards = [] } = await this.kinesis.send(new ListShardsCommand({ StreamARN: this.arn }));
    return Shards.map(({ ShardId = "" }) => ShardId);
  }

  async iterator(shardId: string, position: StartingPosition): Promise<string> {
    const { ShardIterator = "" } = await this.kinesis.send(
      new GetShardIteratorCommand({ StreamARN: this.arn, ShardId: shardId, ShardIteratorType: position }),
    );
    // The shard's id is part of each event, and no part of the answer of GetRecords.
    return `${shardId} ${ShardIterator}`;
  }

  async read(iterator: string): Promise<StreamPage> {
    const [shardId = "", ...rest] = iterator.split(" ");
    const { Records = [], NextShardIterator } = await this.kinesis.send(
      new GetRecordsCommand({ StreamARN: this.arn, ShardIterator: rest.join(" ") }),
    );
    return {
      records: Records.map((record) => this.recordOf(record, shardId)),
      next: NextShardIterator === undefined ? undefined : `${shardId} ${NextShardIterator}`,
    };
  }

  /** One record of the event, see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html. */
  private recordOf(record: _Record, shardId: string): StreamRecord {
    const { Data = new Uint8Array(), PartitionKey: partitionKey, SequenceNumber: sequenceNumber = "" } = record;
    const arrivedAt = record.ApproximateArrivalTimestamp?.getTime() ?? Date.now();
    const data = Buffer.from(Data);
    return {
      sequenceNumber,
      arrivedAt,
      event: {
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey,
          sequenceNumber,
          data: data.toString("base64"),
          approximateArrivalTimestamp: arrivedAt / 1_000,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: `${shardId}:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        invokeIdentityArn: this.role,
        awsRegion: ACCOUNT.region,
        eventSourceARN: this.arn,
      },
      // Filters see the content of the record, see
      // https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html.
      filtered: { partitionKey, sequenceNumber, data: contentOf(data) },
    };
  }
}

function contentOf(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return data.toString();
  }
}
