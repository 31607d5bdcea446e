import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { expect } from "chai";
import { outputIdOf, sequenceSha256 } from "../../../contract/jobs.js";
import { RESULT_TABLES, type ResultTable } from "../../../contract/resultStore.js";
import { WAIT_STATES } from "../../../contract/waits.js";
import { appendJob } from "../../../lambda/results/append/appendJobs.js";
import { appendShard } from "../../../lambda/results/append/appendShard.js";
import { createHandler } from "../../../lambda/results/append/handler.js";
import type { EndedJob } from "../../../lambda/results/endedJob.js";
import { mergeDays } from "../../../lambda/results/merge/mergeDays.js";
import { readParquet } from "../../../lambda/results/parquetFile.js";
import { Report } from "../../../lambda/results/report.js";
import { ObjectStore } from "../../../lambda/shared/objectStore.js";
import { effectsOf } from "../../support/effects.js";
import { endedJob } from "./support/endedJobs.js";
import { FakeBucket } from "./support/fakeBucket.js";

const SCAN = "0a8d4b6e-0000-8000-8000-000000000001";
const SHARD = `${SCAN}/1`;
const DAY = "2026-11-25";

/** The result store with a ledger of jobs, each of a protein of four residues. */
class Store {
  readonly bucket = new FakeBucket();
  readonly jobs = new Map<string, EndedJob>();
  private readonly handler;

  constructor(withShards = true) {
    const services = {
      objects: new ObjectStore(this.bucket.client),
      files: this.bucket.files,
      unreadable: () => undefined,
      readJob: (id: string) => Promise.resolve(this.jobs.get(id)),
    };
    const report = new Report("test");
    report.info = report.warn = report.error = report.end = () => undefined;
    this.handler = createHandler(
      {
        job: (job) => appendJob(job, services),
        shard: withShards ? (shard) => appendShard(shard, services) : undefined,
      },
      report,
    );
  }

  /** Adds a job of the shard to the ledger. */
  add(sequence: string, changes: Partial<EndedJob> = {}): EndedJob {
    const output_location = `s3://bucket/async-inference-output/${sequence}.out`;
    const job = endedJob({
      output_id: outputIdOf({ sequence, scoring: "masked-marginals" }, "sha256:1111"),
      sequence_sha256: sequenceSha256(sequence),
      sequence_length: sequence.length,
      output_location,
      shard: SHARD,
      ...changes,
    });
    this.bucket.objects.set(`async-inference-output/${sequence}.out`, Buffer.from(JSON.stringify(effectsOf(sequence))));
    this.jobs.set(job.output_id, job);
    return job;
  }

  /** Hands items of the ledger to the function, as its stream does. */
  async stream(...items: object[]): Promise<number> {
    const Records = items.map((item) => ({
      dynamodb: { NewImage: marshall(item, { removeUndefinedValues: true }), SequenceNumber: "1" },
    })) as unknown as DynamoDBRecord[];
    return (await this.handler({ Records })).batchItemFailures.length;
  }

  /** The wait of the shard, once all its jobs have ended. */
  wait(): object {
    return {
      output_id: "wait/1",
      state: WAIT_STATES.ended,
      shard: SHARD,
      all_jobs: new Set(this.jobs.keys()),
      completed: 1,
    };
  }

  keys(table: ResultTable, stage = "new"): string[] {
    return this.bucket.keys(`${table}/stage=${stage}/`);
  }

  /** Number of rows of each job in all files of a table and stage. */
  async rows(table: ResultTable, stage = "new"): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const key of this.keys(table, stage)) {
      for (const { output_id: id } of await readParquet(
        RESULT_TABLES[table],
        this.bucket.objects.get(key) ?? Buffer.of(),
      )) {
        counts[id ?? ""] = (counts[id ?? ""] ?? 0) + 1;
      }
    }
    return counts;
  }
}

describe("The file of a shard", () => {
  it("has the rows of all jobs that the shard completed, which have no files of their own", async () => {
    const store = new Store();
    const [a, b] = [store.add("ACDE"), store.add("ACDF")];

    await store.stream(a, b, store.wait());

    const name = `day=${DAY}/chandar-lab.AMPLIFY_120M.shard-${SCAN}-1.parquet`;
    expect(store.keys("results")).to.deep.equal([`results/stage=new/${name}`]);
    expect(store.keys("jobs")).to.deep.equal([`jobs/stage=new/${name}`]);
    expect(await store.rows("results")).to.deep.equal({ [a.output_id]: 76, [b.output_id]: 76 });
    expect(await store.rows("jobs")).to.deep.equal({ [a.output_id]: 1, [b.output_id]: 1 });
  });

  it("is the same file with the same bytes when it is written again", async () => {
    const store = new Store();
    store.add("ACDE");
    await store.stream(store.wait());
    const first = new Map(store.bucket.objects);

    await store.stream(store.wait(), store.wait());

    expect([...store.bucket.objects]).to.deep.equal([...first]);
  });

  it("leaves jobs that others started, and those without a result, in files of their own", async () => {
    const store = new Store();
    const { shard, ...other } = store.add("ACDE");
    store.jobs.set(other.output_id, other);
    const failed = store.add("ACDF", { state: "failed", reason: "OUT_OF_MEMORY" });
    const own = store.add("ACDG");

    await store.stream(other, failed, own, store.wait());

    expect(shard).to.be.a("string");
    expect(store.keys("results")).to.have.length(2);
    expect(await store.rows("results")).to.deep.equal({ [other.output_id]: 76, [own.output_id]: 76 });
    expect(await store.rows("jobs")).to.deep.equal({ [other.output_id]: 1, [failed.output_id]: 1, [own.output_id]: 1 });
  });

  it("has no row twice if the scan goes on another day, with a protein that had failed", async () => {
    const store = new Store();
    const a = store.add("ACDE");
    const failed = store.add("ACDF", { state: "failed", reason: "TIMEOUT" });
    await store.stream(failed, store.wait());
    const again = store.add("ACDF", { attempt: 2, completed_at: "2026-11-26T08:00:00.000Z" });

    await store.stream(again, store.wait());

    expect(await store.rows("results")).to.deep.equal({ [a.output_id]: 76, [again.output_id]: 76 });
    expect(await store.rows("jobs")).to.deep.equal({ [a.output_id]: 1, [again.output_id]: 2 });
  });

  it("has only the jobs if no result can be read", async () => {
    const store = new Store();
    const job = store.add("ACDE");
    store.bucket.objects.clear();

    expect(await store.stream(store.wait())).to.equal(0);
    expect(store.keys("results")).to.deep.equal([]);
    expect(await store.rows("jobs")).to.deep.equal({ [job.output_id]: 1 });
  });

  it("is asked for again if S3 did not take it", async () => {
    const store = new Store();
    store.add("ACDE");
    store.bucket.putError = new Error("SlowDown");

    expect(await store.stream(store.wait())).to.equal(1);
  });

  it("is not written where scans are switched off: then each job has a file of its own", async () => {
    const store = new Store(false);
    const job = store.add("ACDE");

    await store.stream(job, store.wait());

    expect(store.keys("results")).to.deep.equal([
      `results/stage=new/day=${DAY}/chandar-lab.AMPLIFY_120M.${job.output_id}.1.parquet`,
    ]);
  });
});

describe("The merge of files of shards", () => {
  const merge = (store: Store, days: number) =>
    mergeDays({
      files: store.bucket.files,
      now: () => new Date(Date.parse(`${DAY}T12:00:00Z`) + days * 86_400_000),
      hasTime: () => true,
    });

  it("takes each attempt once, also if it is in two new files", async () => {
    const off = new Store(false);
    const store = new Store();
    const [a, b] = [store.add("ACDE"), store.add("ACDF")];
    await store.stream(store.wait());
    off.add("ACDE");
    await off.stream(a);
    for (const key of [...off.keys("results"), ...off.keys("jobs")]) {
      store.bucket.objects.set(key, off.bucket.objects.get(key) ?? Buffer.of());
    }

    const report = await merge(store, 2);

    expect(report.merged).to.equal(4);
    expect(await store.rows("results", "merged")).to.deep.equal({ [a.output_id]: 76, [b.output_id]: 76 });
    expect(await store.rows("jobs", "merged")).to.deep.equal({ [a.output_id]: 1, [b.output_id]: 1 });
  });

  it("deletes a file of a shard that is written again after its rows were merged", async () => {
    const store = new Store();
    const a = store.add("ACDE");
    await store.stream(store.wait());
    await merge(store, 6);
    await store.stream(store.wait());

    await merge(store, 6);

    expect(store.keys("results")).to.deep.equal([]);
    expect(await store.rows("results", "merged")).to.deep.equal({ [a.output_id]: 76 });
  });

  it("adds what a file of a shard has got since its rows were merged", async () => {
    const store = new Store();
    const a = store.add("ACDE");
    await store.stream(store.wait());
    await merge(store, 2);
    const late = store.add("ACDF");
    await store.stream(store.wait());

    await merge(store, 2);

    expect(await store.rows("results", "merged")).to.deep.equal({ [a.output_id]: 76, [late.output_id]: 76 });
  });
});
