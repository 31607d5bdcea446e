import { CreateTableCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateStreamCommand, type KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { arnOf } from "../../../../../local/twin/account.js";
import { systemClock } from "../../../../../local/twin/clock.js";
import type { SourceServices } from "../../../../../local/twin/functions/eventSource.js";
import type { InvokeResult } from "../../../../../local/twin/functions/result.js";
import { failureDestination } from "../../../../../local/twin/functions/streams/failureDestination.js";
import { filterOf } from "../../../../../local/twin/functions/streams/filterCriteria.js";
import { KinesisStream } from "../../../../../local/twin/functions/streams/kinesisStream.js";
import { StreamSource, type StreamSourceSettings } from "../../../../../local/twin/functions/streams/streamSource.js";
import { TableStream } from "../../../../../local/twin/functions/streams/tableStream.js";
import { motoClients, startMoto, type AwsClients } from "../../../../../local/twin/moto/moto.js";
import { freePort } from "../../../../../local/twin/processes/ports.js";
import { Processes } from "../../../../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../../../../local/twin/processes/programs.js";
import { until } from "../../support/until.js";
import { TABLE_BY_ID } from "../../support/tableById.js";

interface Event {
  readonly Records: readonly { readonly kinesis?: { readonly data: string }; readonly dynamodb?: object }[];
}

const ROLE = "arn:aws:iam::123456789012:role/f";

const dataOf = ({ Records }: Event): string[] =>
  Records.map(({ kinesis }) => Buffer.from(kinesis?.data ?? "", "base64").toString());

describe("a stream that calls a function", () => {
  const processes = new Processes();
  const events: Event[] = [];
  let aws: AwsClients;
  let kinesis: KinesisClient;
  let source: StreamSource | undefined;
  let number = 0;

  before(async () => {
    const port = await freePort();
    await startMoto(processes, PROGRAMS.python, port);
    aws = motoClients(port);
    ({ kinesis } = aws);
  });

  beforeEach(() => {
    events.length = 0;
  });

  afterEach(() => source?.stop());

  after(() => processes.stop());

  /** What Lambda gives to the source; the function fails for batches with the data `poison`. */
  const services: SourceServices = {
    clock: systemClock,
    onFailure: () => undefined,
    invoke: (_name, payload): Promise<InvokeResult> => {
      const event = JSON.parse(payload.toString()) as Event;
      events.push(event);
      const failed = dataOf(event).includes("poison");
      return Promise.resolve({ failed, payload: Buffer.from(failed ? '{"errorType":"Error"}' : "null"), log: "" });
    },
  };

  function settings(sourceArn: string, more: Partial<StreamSourceSettings> = {}): StreamSourceSettings {
    return {
      ...{ id: "source", sourceArn, functionName: "f", batchSize: 100, reportsFailures: true, windowMs: 0 },
      ...{ startingPosition: "TRIM_HORIZON", bisects: true, maxRetries: 0, maxAgeMs: -1 },
      ...more,
    };
  }

  async function newStream(...data: string[]): Promise<string> {
    const StreamName = `stream-${++number}`;
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    for (const one of data) {
      await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: "key", Data: Buffer.from(one) }));
    }
    return arnOf("kinesis", `stream/${StreamName}`);
  }

  function read(arn: string, more: Partial<StreamSourceSettings> = {}, destination?: string, pattern?: string): void {
    source = new StreamSource(
      settings(arn, more),
      {
        stream: new KinesisStream(arn, ROLE, kinesis),
        filter: filterOf(pattern === undefined ? [] : [pattern]),
        destination: destination === undefined ? undefined : failureDestination(destination, aws),
      },
      services,
    );
    source.start();
  }

  const received = (count: number): Promise<string[]> =>
    until(`${count} records`, () => {
      const all = events.flatMap(dataOf);
      return all.length >= count ? all : undefined;
    });

  it("gets the records that were there before, in their order and in batches", async () => {
    const arn = await newStream("a", "b", "c");
    read(arn, { batchSize: 2 });

    expect(await received(3)).to.deep.equal(["a", "b", "c"]);
    expect(events.map(({ Records }) => Records.length)).to.deep.equal([2, 1]);
    expect(events[0]?.Records[0]).to.deep.include({
      eventSource: "aws:kinesis",
      eventSourceARN: arn,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: ROLE,
    });
  });

  it("gets only what its filter lets through", async () => {
    read(
      await newStream('{"state":"new"}', '{"state":"done"}', "text", '{"state":"done"}'),
      {},
      undefined,
      '{"data":{"state":["done"]}}',
    );

    expect(await received(2)).to.deep.equal(['{"state":"done"}', '{"state":"done"}']);
  });

  it("makes no event larger than Lambda allows", async () => {
    read(await newStream(...["1", "2", "3", "4", "5", "6"].map((one) => one.repeat(1_000_000))));

    expect((await received(6)).map((data) => data.charAt(0)).join("")).to.equal("123456");
    expect(events.map(({ Records }) => Records.length)).to.deep.equal([4, 2]);
  });

  it("sends the poison with its content to a bucket, and the others to the function", async () => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: "failures" }));
    const arn = await newStream("a", "poison", "b");
    read(arn, {}, "arn:aws:s3:::failures");

    const key = await until("an object", async () => {
      const { Contents } = await aws.s3.send(new ListObjectsV2Command({ Bucket: "failures" }));
      return Contents?.[0]?.Key;
    });
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: "failures", Key: key }));
    const stored = JSON.parse((await Body?.transformToString()) ?? "") as Record<string, unknown>;
    await until("the last record", () => events.some((event) => dataOf(event).join() === "b") || undefined);

    expect(key).to.match(
      /^aws\/lambda\/source\/shardId-0+\/\d{4}\/\d\d\/\d\d\/[\d-]{10}T\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
    expect(dataOf(JSON.parse(String(stored["payload"])) as Event)).to.deep.equal(["poison"]);
    expect(stored["requestContext"]).to.include({ condition: "RetryAttemptsExhausted" });
    expect(stored["KinesisBatchInfo"]).to.include({ batchSize: 1, streamArn: arn });
  });

  it("sends facts without content to a queue", async () => {
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: "failures" }));
    read(await newStream("poison"), {}, arnOf("sqs", "failures"));

    const body = await until("a message", async () => {
      const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      return Messages?.[0]?.Body;
    });

    expect(JSON.parse(body)).to.have.property("KinesisBatchInfo").that.includes({ batchSize: 1 });
    expect(JSON.parse(body)).to.not.have.property("payload");
  });

  it("refuses other destinations", () => {
    expect(() => failureDestination(arnOf("lambda", "function:g"), aws)).to.throw(RangeError, "function:g");
  });

  it("reads the changes of a table", async () => {
    const documents: DynamoDBClient = aws.dynamodb;
    const { TableDescription } = await documents.send(
      new CreateTableCommand({
        TableName: "jobs",
        ...TABLE_BY_ID,
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    );
    const arn = TableDescription?.LatestStreamArn ?? "";
    for (const state of ["new", "done"]) {
      await documents.send(new PutItemCommand({ TableName: "jobs", Item: { id: { S: "1" }, state: { S: state } } }));
    }
    source = new StreamSource(
      settings(arn),
      {
        stream: new TableStream(arn, aws.tableStreams),
        filter: filterOf(['{"dynamodb":{"NewImage":{"state":{"S":["done"]}}}}']),
        destination: undefined,
      },
      services,
    );
    source.start();

    const [event] = await until("an event", () => (events.length > 0 ? events : undefined));

    expect(event?.Records).to.have.length(1);
    expect(event?.Records[0]).to.deep.include({ eventSource: "aws:dynamodb", eventSourceARN: arn });
    expect(event?.Records[0]?.dynamodb).to.deep.include({ NewImage: { id: { S: "1" }, state: { S: "done" } } });
  });
});
