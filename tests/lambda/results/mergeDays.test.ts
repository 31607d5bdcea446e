import { expect } from "chai";
import { RESULT_TABLES, type ResultTable } from "../../../contract/resultStore.js";
import { mergeDays, type MergeReport } from "../../../lambda/results/merge/mergeDays.js";
import { readParquet } from "../../../lambda/results/parquetFile.js";
import { effectsOf } from "../../support/effects.js";
import { endedJob, store } from "./support/endedJobs.js";
import { FakeBucket } from "./support/fakeBucket.js";

const RESULT = effectsOf("ACDE");
const ROWS = 4 * 19;

/** The time some days after the day of the jobs. */
function daysLater(days: number): Date {
  return new Date(Date.parse("2026-11-25T12:00:00Z") + days * 86_400_000);
}

function merge({ files }: FakeBucket, days: number, hasTime = (): boolean => true): Promise<MergeReport> {
  return mergeDays({ files, now: () => daysLater(days), hasTime });
}

async function bucketWith(...images: string[]): Promise<FakeBucket> {
  const bucket = new FakeBucket();
  for (const image of images) await store(bucket, endedJob({ image_digest: image }), RESULT);
  return bucket;
}

/** The rows of each image in the files of a stage. */
async function rowsByImage(bucket: FakeBucket, stage: string, table: ResultTable = "results") {
  const counts: Record<string, number> = {};
  for (const key of bucket.keys(`${table}/stage=${stage}/`)) {
    for (const { image_digest: image } of await readParquet(
      RESULT_TABLES[table],
      bucket.objects.get(key) ?? Buffer.of(),
    )) {
      counts[image ?? ""] = (counts[image ?? ""] ?? 0) + 1;
    }
  }
  return counts;
}

describe("The merge of past days", () => {
  it("leaves a day alone while jobs of that day can still arrive", async () => {
    const bucket = await bucketWith("a", "b");

    expect(await merge(bucket, 1)).to.deep.equal({ merged: 0, deleted: 0, late: [] });
    expect(bucket.keys("results/stage=merged/")).to.deep.equal([]);
  });

  it("writes all rows of a day into one file for each table, and keeps the new files that queries still read", async () => {
    const bucket = await bucketWith("a", "b", "c", "d", "e");

    const report = await merge(bucket, 2);

    expect(report).to.deep.equal({ merged: 10, deleted: 0, late: [] });
    expect(bucket.keys("results/stage=merged/")).to.deep.equal(["results/stage=merged/day=2026-11-25/000000.parquet"]);
    expect(await rowsByImage(bucket, "merged")).to.deep.equal({ a: ROWS, b: ROWS, c: ROWS, d: ROWS, e: ROWS });
    expect(await rowsByImage(bucket, "merged", "jobs")).to.deep.equal({ a: 1, b: 1, c: 1, d: 1, e: 1 });
    expect(bucket.keys("results/stage=new/")).to.have.length(5);
  });

  it("writes nothing a second time", async () => {
    const bucket = await bucketWith("a", "b");
    await merge(bucket, 2);

    expect(await merge(bucket, 2)).to.deep.equal({ merged: 0, deleted: 0, late: [] });
  });

  it("deletes merged new files once no query reads them", async () => {
    const bucket = await bucketWith("a", "b");
    await merge(bucket, 2);

    expect(await merge(bucket, 5)).to.deep.equal({ merged: 0, deleted: 4, late: [] });
    expect(bucket.keys("results/stage=new/")).to.deep.equal([]);
    expect(await rowsByImage(bucket, "merged")).to.deep.equal({ a: ROWS, b: ROWS });
  });

  it("adds a job that arrives late in a file of its own", async () => {
    const bucket = await bucketWith("a");
    await merge(bucket, 6);
    await store(bucket, endedJob({ image_digest: "late" }), RESULT);

    await merge(bucket, 6);

    expect(bucket.keys("results/")).to.deep.equal([
      "results/stage=merged/day=2026-11-25/000000.parquet",
      "results/stage=merged/day=2026-11-25/000001.parquet",
    ]);
    expect(await rowsByImage(bucket, "merged")).to.deep.equal({ a: ROWS, late: ROWS });
  });

  it("merges each job once and loses none when two runs overlap, whatever each of them saw", async () => {
    const bucket = await bucketWith("a", "b");
    bucket.beforeNextCreate = async () => {
      await store(bucket, endedJob({ image_digest: "c" }), RESULT);
      await merge(bucket, 6);
    };

    await merge(bucket, 6);
    await merge(bucket, 6);

    expect(await rowsByImage(bucket, "merged")).to.deep.equal({ a: ROWS, b: ROWS, c: ROWS });
    expect(await rowsByImage(bucket, "merged", "jobs")).to.deep.equal({ a: 1, b: 1, c: 1 });
    expect(bucket.keys("results/stage=new/")).to.deep.equal([]);
  });

  it("keeps the new file of a run that stopped before its merged file was written", async () => {
    const bucket = await bucketWith("a");
    bucket.putError = new Error("SlowDown");

    const failed = await merge(bucket, 6).catch((error: unknown) => error);

    expect(failed).to.be.an("error");
    expect(await rowsByImage(bucket, "new")).to.deep.equal({ a: ROWS });
  });

  it("leaves the rest to the next run when time is short, and names the days that queries will miss", async () => {
    const bucket = await bucketWith("a");

    const early = await merge(bucket, 2, () => false);
    const late = await merge(bucket, 3, () => false);

    expect(early.late).to.deep.equal([]);
    expect(late.late).to.deep.equal(["results 2026-11-25", "jobs 2026-11-25"]);
    expect(await rowsByImage(bucket, "new")).to.deep.equal({ a: ROWS });
  });

  it("refuses a file of another name, which it would neither read nor delete", async () => {
    const bucket = await bucketWith("a");
    bucket.objects.set("results/stage=new/day=2026-11-25/notes.parquet", Buffer.from("x"));

    const failed = await merge(bucket, 2).catch((error: unknown) => error);

    expect(failed).to.be.an("error").with.property("message").that.includes("notes.parquet");
  });
});
