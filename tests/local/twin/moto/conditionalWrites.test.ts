import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { clientOptions } from "../../../../local/twin/account.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { startHurriedMoto } from "../support/hurriedMoto.js";
import { TABLE_BY_ID } from "../support/tableById.js";

const NAMES = Array.from({ length: 30 }, (_, index) => `name-${index}`);
const WRITERS = Array.from({ length: 12 }, (_, index) => String(index));

describe("conditional writes at the same time", () => {
  const processes = new Processes();
  let dynamodb: DynamoDBClient;
  let s3: S3Client;

  before(async () => {
    const options = clientOptions(await startHurriedMoto(processes));
    dynamodb = new DynamoDBClient(options);
    s3 = new S3Client(options);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "table",
        ...TABLE_BY_ID,
      }),
    );
    await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  });
  after(() => processes.stop());

  /** How many of the writers of each name were not refused. */
  async function winners(write: (name: string, writer: string) => Promise<unknown>, refusal: string) {
    const counts: number[] = [];
    for (const name of NAMES) {
      const outcomes = await Promise.allSettled(WRITERS.map((writer) => write(name, writer)));
      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      for (const { reason } of refused) expect(reason).to.include({ name: refusal });
      counts.push(outcomes.length - refused.length);
    }
    return counts;
  }

  const ONE_EACH = NAMES.map(() => 1);

  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html
  it("let one writer create an item of a table", async () => {
    const write = (name: string, writer: string) =>
      dynamodb.send(
        new PutItemCommand({
          TableName: "table",
          Item: { id: { S: name }, writer: { S: writer } },
          ConditionExpression: "attribute_not_exists(id)",
        }),
      );

    expect(await winners(write, "ConditionalCheckFailedException")).to.deep.equal(ONE_EACH);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  it("let one writer create an object of a bucket", async () => {
    const write = (name: string, writer: string) =>
      s3.send(new PutObjectCommand({ Bucket: "bucket", Key: name, Body: writer, IfNoneMatch: "*" }));

    expect(await winners(write, "PreconditionFailed")).to.deep.equal(ONE_EACH);
  });
});
