import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Context, KinesisStreamRecord } from "aws-lambda";
import { createSubmitter } from "../../../lambda/stream/submitter.js";
import { awsError, BUCKET, SEQUENCE, toolsContext, ToolsWorld } from "../support/world.js";

const ARRIVED = Date.parse("2026-03-01T11:59:00.000Z");

/** A record of the stream. */
function recordOf(content: string | Buffer | object, number = 1): KinesisStreamRecord {
  const text = typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  return {
    eventID: `shardId-000000000000:${number}`,
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/submissions",
    kinesis: {
      partitionKey: "key",
      sequenceNumber: String(number),
      data: Buffer.from(text).toString("base64"),
      approximateArrivalTimestamp: ARRIVED / 1_000,
    },
  } as KinesisStreamRecord;
}

/** Calls the function with records, and returns the sequence numbers that it reports. */
async function deliver(world: ToolsWorld, records: KinesisStreamRecord[], context: Context = toolsContext()) {
  const submit = createSubmitter(world.services);
  const { batchItemFailures } = await world.quietly(() => submit({ Records: records }, context));
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** Refused records by key. */
function refused(world: ToolsWorld): Record<string, Record<string, unknown>> {
  const prefix = `s3://${BUCKET}/stream-failures/`;
  return Object.fromEntries(
    [...world.objects]
      .filter(([address]) => address.startsWith(prefix))
      .map(([address, { text }]) => [address.slice(prefix.length), JSON.parse(text) as Record<string, unknown>]),
  );
}

describe("the function of the stream", () => {
  it("submits each record as invoke_endpoint would, with its name and tags", async () => {
    const world = new ToolsWorld();

    const failed = await deliver(world, [recordOf({ sequence: SEQUENCE, name: "one", tags: ["night"] })]);

    expect(failed).to.deep.equal([]);
    const { output_id: id, cached } = await world.submit();
    expect(world.invocations).to.equal(1);
    expect([cached, world.job(id).attempt]).to.deep.equal([false, 1]);
    const { jobs } = await world.list({ tag: "night" });
    expect(jobs.map((job) => job.output_id)).to.deep.equal([id]);
  });

  it("starts one job for equal records, in one batch and in another, and for a batch that is delivered again", async () => {
    const world = new ToolsWorld();
    const batch = [1, 2, 3].map((number) => recordOf({ sequence: SEQUENCE }, number));

    await deliver(world, batch);
    await deliver(world, batch);

    expect(world.invocations).to.equal(1);
  });

  for (const [what, content, code] of [
    ["broken JSON", `{"sequence": "${SEQUENCE}"`, "INVALID_INPUT"],
    ["bytes that are not UTF-8", Buffer.from([0xff, 0x00]), "NOT_TEXT"],
    ["nothing", "", "INVALID_INPUT"],
    ["a list", "[]", "INVALID_INPUT"],
    ["null", "null", "INVALID_INPUT"],
    ["a text", `"${SEQUENCE}"`, "INVALID_INPUT"],
    ["no sequence", {}, "INVALID_INPUT"],
    ["a residue that does not exist", { sequence: "MKX" }, "INVALID_RESIDUE"],
    ["a protein that is too long", { sequence: "M".repeat(10_001) }, "SEQUENCE_TOO_LONG"],
    ["a label of 1 MB", { sequence: SEQUENCE, name: "n".repeat(1_000_000) }, "INVALID_INPUT"],
    ["a tag of 1 MB", { sequence: SEQUENCE, tags: ["t".repeat(1_000_000)] }, "INVALID_TAG"],
    ["a misspelled argument", { sequence: SEQUENCE, variant: "K2A" }, "INVALID_INPUT"],
  ] as const) {
    it(`stores a record with ${what}, and its reason, and retries it never`, async () => {
      const world = new ToolsWorld();
      const poison = recordOf(content, 7);

      const failed = await deliver(world, [poison, recordOf({ sequence: `${SEQUENCE}A` }, 8)]);

      expect(failed).to.deep.equal([]);
      expect(world.invocations).to.equal(1);
      const stored = refused(world)["2026-03-01/shardId-000000000000/7.json"];
      expect(stored).to.include({
        record: "shardId-000000000000:7",
        partition_key: "key",
        arrived_at: "2026-03-01T11:59:00.000Z",
        error_code: code,
        data: poison.kinesis.data,
      });
      expect(stored?.["message"]).to.match(/^Record shardId-000000000000:7: .+[.?]$/);
      expect(String(stored?.["message"]).length).to.be.lessThan(800);
      expect(world.logged).to.include("RecordsRefused").and.to.not.include(SEQUENCE);
    });
  }

  it("stores a poison record once, however often it is delivered", async () => {
    const world = new ToolsWorld();

    await deliver(world, [recordOf("{", 7)]);
    await deliver(world, [recordOf("{", 7)]);

    expect(Object.keys(refused(world))).to.have.length(1);
  });

  it("answers records that AWS does not take now, and stores none of them as refused", async () => {
    const world = new ToolsWorld();
    world.refusal = awsError("ThrottlingException", "Rate exceeded", 400);

    const failed = await deliver(world, [recordOf({ sequence: SEQUENCE }, 1), recordOf("{", 2)]);

    expect(failed).to.deep.equal(["1"]);
    expect(Object.keys(refused(world))).to.deep.equal(["2026-03-01/shardId-000000000000/2.json"]);
    expect(world.logged).to.include("RecordsFailed");
  });

  it("starts a record again that failed before, once AWS takes it", async () => {
    const world = new ToolsWorld();
    world.refusal = awsError("ThrottlingException");
    await deliver(world, [recordOf({ sequence: SEQUENCE })]);
    world.refusal = undefined;

    expect(await deliver(world, [recordOf({ sequence: SEQUENCE })])).to.deep.equal([]);
    expect((await world.submit()).status).to.equal("in_progress");
    expect(world.invocations).to.equal(2);
  });

  it("answers a poison record whose place cannot be written, so that nothing is lost", async () => {
    const world = new ToolsWorld();
    world.s3.on(PutObjectCommand).rejects(awsError("SlowDown", "Reduce your request rate", 503));

    expect(await deliver(world, [recordOf("{", 7)])).to.deep.equal(["7"]);
  });

  it("answers the records for which no time is left", async () => {
    const world = new ToolsWorld();
    const context = { ...toolsContext(), getRemainingTimeInMillis: () => 5_000 };

    expect(await deliver(world, [recordOf({ sequence: SEQUENCE }, 1)], context)).to.deep.equal(["1"]);
    expect(world.untouched).to.equal(true);
  });
});
