import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { expect } from "chai";
import { RESULT_TABLES } from "../../../contract/resultStore.js";
import { appendJob } from "../../../lambda/results/append/appendJobs.js";
import { createHandler } from "../../../lambda/results/append/handler.js";
import type { EndedJob } from "../../../lambda/results/endedJob.js";
import { readParquet } from "../../../lambda/results/parquetFile.js";
import { Report } from "../../../lambda/results/report.js";
import { ObjectStore } from "../../../lambda/shared/objectStore.js";
import { effectsOf } from "../../support/effects.js";
import { SEQUENCE } from "../support/world.js";
import { endedJob } from "./support/endedJobs.js";
import { FakeBucket } from "./support/fakeBucket.js";

const OUTPUT_KEY = "async-inference-output/result.out";

/** The function of the result store on a bucket that holds one result. */
function functionOn(bucket: FakeBucket) {
  bucket.objects.set(OUTPUT_KEY, Buffer.from(JSON.stringify(effectsOf(SEQUENCE))));
  const unreadable: string[] = [];
  const objects = new ObjectStore(bucket.client);
  const append = (job: EndedJob): Promise<void> =>
    appendJob(job, { objects, files: bucket.files, unreadable: (_job, { code }) => unreadable.push(code) });
  const report = new Report("test");
  const lines: string[] = [];
  report.info = report.warn = (message) => lines.push(message);
  report.error = (message) => lines.push(message);
  report.end = () => undefined;
  return { handler: createHandler({ job: append }, report), unreadable, lines };
}

function record(item: object, sequenceNumber = "1"): DynamoDBRecord {
  const NewImage = marshall(item, { removeUndefinedValues: true });
  return { dynamodb: { NewImage, SequenceNumber: sequenceNumber } as NonNullable<DynamoDBRecord["dynamodb"]> };
}

function parquet(bucket: FakeBucket): string[] {
  return bucket.keys().filter((key) => key.endsWith(".parquet"));
}

describe("The function that stores results", () => {
  it("writes one file of variants and one of the job, under the day and the attempt", async () => {
    const bucket = new FakeBucket();
    const job = endedJob();

    const answer = await functionOn(bucket).handler({ Records: [record(job)] });

    const name = `day=2026-11-25/chandar-lab.AMPLIFY_120M.${job.output_id}.1.parquet`;
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(parquet(bucket)).to.deep.equal([`jobs/stage=new/${name}`, `results/stage=new/${name}`]);
    const rows = await readParquet(
      RESULT_TABLES.results,
      bucket.objects.get(`results/stage=new/${name}`) ?? Buffer.of(),
    );
    expect(rows).to.have.length(SEQUENCE.length * 19);
  });

  it("writes the same bytes when a job is delivered twice", async () => {
    const bucket = new FakeBucket();
    const { handler } = functionOn(bucket);
    await handler({ Records: [record(endedJob())] });
    const first = new Map(bucket.objects);

    await handler({ Records: [record(endedJob()), record(endedJob())] });

    expect([...bucket.objects]).to.deep.equal([...first]);
  });

  it("writes a failed attempt to the jobs only, and the next attempt beside it", async () => {
    const bucket = new FakeBucket();
    const failed = endedJob({ state: "failed", reason: "TIMEOUT: too slow" });

    await functionOn(bucket).handler({ Records: [record(failed), record(endedJob({ attempt: 2 }))] });

    expect(bucket.keys("jobs/")).to.have.length(2);
    expect(bucket.keys("results/")).to.have.length(1);
  });

  it("asks for the jobs again that S3 did not take", async () => {
    const bucket = new FakeBucket();
    const { handler, lines } = functionOn(bucket);
    bucket.putError = new Error("SlowDown");

    const answer = await handler({ Records: [record(endedJob(), "7"), record(endedJob({ attempt: 2 }), "8")] });

    expect(answer.batchItemFailures).to.deep.equal([{ itemIdentifier: "7" }, { itemIdentifier: "8" }]);
    expect(lines).to.deep.equal(["not stored", "not stored"]);
  });

  it("stores a job without variants if its result is gone, and says so", async () => {
    const bucket = new FakeBucket();
    const { handler, unreadable } = functionOn(bucket);
    bucket.objects.delete(OUTPUT_KEY);

    const answer = await handler({ Records: [record(endedJob())] });

    expect(answer.batchItemFailures).to.deep.equal([]);
    expect(unreadable).to.deep.equal(["RESULT_UNREADABLE"]);
    const [key = ""] = bucket.keys("jobs/");
    const [row] = await readParquet(RESULT_TABLES.jobs, bucket.objects.get(key) ?? Buffer.of());
    expect(row).to.include({ state: "completed", variants: null });
    expect(bucket.keys("results/")).to.deep.equal([]);
  });

  it("passes over an item that is no ended job, with a line in the log, and stores the others", async () => {
    const bucket = new FakeBucket();
    const { handler, lines } = functionOn(bucket);

    const answer = await handler({ Records: [record({ output_id: "x", state: "completed" }), record(endedJob())] });

    expect(answer.batchItemFailures).to.deep.equal([]);
    expect(lines).to.deep.equal(["ledger item not stored"]);
    expect(parquet(bucket)).to.have.length(2);
  });
});
