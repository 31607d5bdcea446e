import { z } from "zod";
import type { StartingPosition, Stream, StreamPage } from "./stream.js";

/** Sends one request to the API of DynamoDB Streams. */
export type CallTableStreams = (operation: string, input: object) => Promise<unknown>;

const description = z.object({ StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }) });

const iterator = z.object({ ShardIterator: z.string() });

const change = z.looseObject({
  dynamodb: z.looseObject({ SequenceNumber: z.string(), ApproximateCreationDateTime: z.number() }),
});

const page = z.object({ Records: z.array(change), NextShardIterator: z.string().nullish() });

/** The stream of the changes of a DynamoDB table. */
export class TableStream implements Stream {
  readonly batchInfo = "DDBStreamBatchInfo";

  constructor(
    private readonly arn: string,
    private readonly call: CallTableStreams,
  ) {}

  async shards(): Promise<string[]> {
    const { StreamDescription } = description.parse(await this.call("DescribeStream", { StreamArn: this.arn }));
    return StreamDescription.Shards.map(({ ShardId }) => ShardId);
  }

  async iterator(shardId: string, position: StartingPosition): Promise<string> {
    const input = { StreamArn: this.arn, ShardId: shardId, ShardIteratorType: position };
    return iterator.parse(await this.call("GetShardIterator", input)).ShardIterator;
  }

  /** The records are as in the event, see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. */
  async read(from: string): Promise<StreamPage> {
    const { Records, NextShardIterator } = page.parse(await this.call("GetRecords", { ShardIterator: from }));
    return {
      records: Records.map((record) => ({
        sequenceNumber: record.dynamodb.SequenceNumber,
        arrivedAt: record.dynamodb.ApproximateCreationDateTime * 1_000,
        event: { ...record, eventSourceARN: this.arn },
        filtered: record,
      })),
      next: NextShardIterator ?? undefined,
    };
  }
}
