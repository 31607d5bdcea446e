import { randomUUID } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { arnOf } from "../../account.js";
import type { StreamRecord } from "./stream.js";

/** Why Lambda gave records up. */
export type GivenUpFor = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** Records that Lambda gave up. */
export interface GivenUp {
  readonly condition: GivenUpFor;
  readonly records: readonly StreamRecord[];
  /** How often the function was called with them. */
  readonly calls: number;
  /** Whether the function itself failed, and did not just report failures. */
  readonly functionFailed: boolean;
}

/** Where the records come from. */
export interface BatchOrigin {
  /** Id of the connection of stream and function. */
  readonly sourceId: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly functionName: string;
  readonly batchInfo: string;
}

/** Sends what Lambda gave up to a destination. */
export type SendGivenUp = (givenUp: GivenUp, origin: BatchOrigin, now: Date) => Promise<void>;

export interface DestinationClients {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

/**
 * The destination with an ARN. A bucket gets the records too, a queue or topic only facts about them.
 *
 * @throws RangeError for a destination that Lambda, or the twin, does not have
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function failureDestination(arn: string, { s3, sns, sqs }: DestinationClients): SendGivenUp {
  const [, , service, , , name = ""] = arn.split(":");
  switch (service) {
    case "s3":
      return async (givenUp, origin, now) => {
        const Body = JSON.stringify({ ...factsOf(givenUp, origin, now), payload: eventOf(givenUp.records) });
        await s3.send(new PutObjectCommand({ Bucket: name, Key: keyOf(origin, now), Body }));
      };
    case "sns":
      return async (givenUp, origin, now) => {
        const Message = JSON.stringify(factsOf(givenUp, origin, now));
        await sns.send(new PublishCommand({ TopicArn: arn, Message }));
      };
    case "sqs":
      return async (givenUp, origin, now) => {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
        const MessageBody = JSON.stringify(factsOf(givenUp, origin, now));
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      };
    default:
      throw new RangeError(`The twin sends failed records to a bucket, a topic or a queue, not to '${arn}'.`);
  }
}

/** The event of the function for some records. */
export function eventOf(records: readonly StreamRecord[]): string {
  return JSON.stringify({ Records: records.map(({ event }) => event) });
}

function factsOf({ condition, records, calls, functionFailed }: GivenUp, origin: BatchOrigin, now: Date): object {
  const [first, last] = [records[0], records.at(-1)];
  const timeOf = (record: StreamRecord | undefined): string => new Date(record?.arrivedAt ?? 0).toISOString();
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: arnOf("lambda", `function:${origin.functionName}`),
      condition,
      approximateInvokeCount: calls,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: functionFailed ? "Unhandled" : null,
    },
    version: "1.0",
    timestamp: now.toISOString(),
    [origin.batchInfo]: {
      shardId: origin.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: timeOf(first),
      approximateArrivalOfLastRecord: timeOf(last),
      batchSize: records.length,
      streamArn: origin.streamArn,
    },
  };
}

/** `aws/lambda/{source}/{shard}/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-{random UUID}` */
function keyOf({ sourceId, shardId }: BatchOrigin, now: Date): string {
  const [day = ""] = now.toISOString().split("T");
  const time = now.toISOString().slice(0, 19).replaceAll(":", ".");
  return `aws/lambda/${sourceId}/${shardId}/${day.replaceAll("-", "/")}/${time}-${randomUUID()}`;
}
