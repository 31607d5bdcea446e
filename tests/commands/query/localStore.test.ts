import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { LocalStore } from "../../../commands/query/localStore.js";
import type { QueryRows, Value } from "../../../commands/query/rows.js";
import { viewSql } from "../../../contract/resultStore.js";
import { SAVED_QUERIES, type SavedQueryName } from "../../../contract/savedQueries.js";
import { mergeDays } from "../../../lambda/results/merge/mergeDays.js";
import { effectsOf } from "../../support/effects.js";
import { endedJob, store } from "../../lambda/results/support/endedJobs.js";
import { FakeBucket } from "../../lambda/results/support/fakeBucket.js";
import { copyOf, exampleStore, remove, type Example } from "./support/storeCopy.js";

const SUBSTITUTIONS = 19;

function objects({ columns, rows }: QueryRows): Record<string, Value>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
}

describe("A copy of the result store", () => {
  let example: Example;
  let dir: string;
  let copy: LocalStore;

  before(async () => {
    example = await exampleStore();
    dir = copyOf(example.bucket);
    copy = await LocalStore.open(dir);
  });

  after(() => {
    copy.close();
    remove(dir);
  });

  const saved = async (name: SavedQueryName): Promise<Record<string, Value>[]> =>
    objects(await copy.query(SAVED_QUERIES[name].sql));

  it("has a row for each attempt of the ledger, and for each variant of the completed ones", async () => {
    const counted = objects(await copy.query("SELECT state, count(*) AS n FROM jobs GROUP BY state ORDER BY state"));
    const variants = objects(
      await copy.query(`
        SELECT jobs.output_id, jobs.variants, count(*) AS n, min(jobs.sequence_length) AS residues
        FROM jobs JOIN results ON jobs.output_id = results.output_id AND jobs.attempt = results.attempt
        GROUP BY jobs.output_id, jobs.variants`),
    );

    const inLedger = (state: string): number => example.jobs.filter((job) => job.state === state).length;
    expect(counted).to.deep.equal(["completed", "expired", "failed"].map((state) => ({ state, n: inLedger(state) })));
    expect(variants).to.have.length(inLedger("completed"));
    for (const { n, variants: stated, residues } of variants) {
      expect([n, stated]).to.deep.equal([Number(residues) * SUBSTITUTIONS, Number(residues) * SUBSTITUTIONS]);
    }
  });

  it("gives the best variants across proteins", async () => {
    const rows = await saved("best-variants");

    const scores = rows.map(({ llr }) => Number(llr));
    expect(rows).to.have.length(20);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
    expect(new Set(rows.map(({ sequence_sha256: protein }) => protein))).to.have.property("size", 2);
    const [best] = objects(await copy.query("SELECT max(llr) AS llr FROM results"));
    expect(rows[0]?.["llr"]).to.equal(best?.["llr"]);
  });

  it("gives one position across proteins", async () => {
    const rows = await saved("position-across-proteins");

    expect(
      rows.map(({ sequence_sha256: protein, model }) => `${String(protein)} ${String(model)}`).sort(),
    ).to.deep.equal(
      example.jobs
        .filter(({ state }) => state === "completed")
        .map(({ sequence_sha256: protein, model }) => `${protein} ${model}`)
        .sort(),
    );
    for (const row of rows) {
      const [cell] = objects(
        await copy.query(
          `SELECT avg(llr) AS mean FROM results WHERE position = 10 AND sequence_sha256 = '${String(row["sequence_sha256"])}' AND model = '${String(row["model"])}'`,
        ),
      );
      expect(row["position"]).to.equal(10);
      expect(row["mean_llr"]).to.be.closeTo(Number(cell?.["mean"]), 1e-12);
    }
  });

  it("gives the variants on which two models disagree", async () => {
    const rows = await saved("model-disagreement");

    expect(rows).to.have.length(50);
    for (const row of rows) {
      expect(row).to.include({ model_a: "chandar-lab/AMPLIFY_120M", model_b: "chandar-lab/AMPLIFY_350M" });
      // The example's percentiles are (llr + 8) * 10 in one model and (2 - llr) * 10 in the other.
      expect(row["difference"]).to.be.closeTo(Math.abs(Number(row["llr_a"]) * 2 + 6) * 10, 1e-6);
    }
  });

  it("gives the most constrained positions", async () => {
    const rows = await saved("constrained-positions");

    const means = rows.map(({ mean_llr: mean }) => Number(mean));
    expect(rows).to.have.length(50);
    expect(means).to.deep.equal([...means].sort((a, b) => a - b));
  });

  it("gives failures by reason", async () => {
    const rows = await saved("failures-by-reason");

    expect(rows.map(({ state, cause, attempts, jobs }) => [state, cause, attempts, jobs])).to.deep.equal([
      ["failed", "OUT_OF_MEMORY", 2, 1],
      ["expired", "SageMaker wrote nothing", 1, 1],
    ]);
    expect(rows[0]).to.include({ example: "OUT_OF_MEMORY: 81 GB", latest: "2026-11-26 10:05:00.000" });
  });

  it("gives jobs and seconds of the model by day", async () => {
    const rows = await saved("jobs-by-day");

    expect(rows).to.deep.equal([
      {
        day: "2026-11-26",
        model: "chandar-lab/AMPLIFY_120M",
        attempts: 3,
        completed: 0,
        failed: 3,
        residues: 195,
        gpu_seconds: null,
        mean_seconds: 86_700,
        longest_seconds: 86_700,
      },
      ...["120M", "350M"].map((size) => ({
        day: "2026-11-25",
        model: `chandar-lab/AMPLIFY_${size}`,
        attempts: 2,
        completed: 2,
        failed: 0,
        residues: 42,
        gpu_seconds: 3,
        mean_seconds: 60.5,
        longest_seconds: 60.5,
      })),
    ]);
  });

  it("gives completed jobs without variants", async () => {
    expect(await saved("unstored-results")).to.deep.equal([]);
  });

  it("runs every saved query, whatever is in the store", async () => {
    const nothing = new FakeBucket();
    nothing.objects.set("results/.keep", Buffer.of());
    const empty = copyOf(nothing);
    const other = await LocalStore.open(empty);

    for (const { sql } of Object.values(SAVED_QUERIES)) expect((await other.query(sql)).rows).to.deep.equal([]);
    other.close();
    remove(empty);
  });

  it("gives the same rows while days are merged and once they are", async () => {
    const { bucket } = await exampleStore();
    const later = (days: number): Date => new Date(Date.parse("2026-11-26T12:00:00Z") + days * 86_400_000);
    const before = await copy.query("SELECT * FROM results ORDER BY ALL");

    for (const days of [2, 6]) {
      await mergeDays({ files: bucket.files, now: () => later(days), hasTime: () => true });
      const merged = copyOf(bucket);
      const other = await LocalStore.open(merged);

      expect(await other.query("SELECT * FROM results ORDER BY ALL")).to.deep.equal(before);
      other.close();
      remove(merged);
    }
    expect(bucket.keys("results/stage=new/")).to.deep.equal([]);
  });

  for (const [sql, message] of [
    ["SELEC name FROM results", 'Parser Error: syntax error at or near "SELEC"'],
    ["SELECT nam FROM results", 'Binder Error: Referenced column "nam" not found in FROM clause! Candidate bindings: '],
    ["SELECT * FROM variants", "Catalog Error: Table with name variants does not exist!"],
    ["SELECT * FROM read_csv('/etc/passwd')", "Permission Error: Cannot access file"],
    ["COPY jobs TO '/tmp/stolen.csv'", "Permission Error: Cannot access file"],
    ["SET enable_external_access = true", "Invalid Input Error: Cannot change configuration option"],
  ] as const) {
    it(`refuses ${sql} in one line`, async () => {
      const error: unknown = await copy.query(sql).catch((refused: unknown) => refused);

      expect(error).to.be.an("error").with.property("name", "QueryError");
      expect(String(error)).to.include(message).and.to.not.include("\n");
    });
  }

  it("says how to make a copy if the folder has none", async () => {
    const empty = mkdtempSync(join(tmpdir(), "no-store-"));

    const error: unknown = await LocalStore.open(empty).catch((refused: unknown) => refused);

    expect(String(error)).to.include("aws s3 sync s3://BUCKET/results");
    remove(empty);
  });
});

describe("The view of Athena", () => {
  it("reads each job once on every day from its end until long after its files are merged and deleted", async () => {
    const bucket = new FakeBucket();
    const days = [0, 1, 2, 3, 4, 5, 6, 30];
    for (const age of days) {
      const completed = new Date(Date.now() - age * 86_400_000).toISOString();
      await store(
        bucket,
        endedJob({ image_digest: `age ${age}`, submitted_at: completed, completed_at: completed }),
        effectsOf("AC"),
      );
    }
    await mergeDays({ files: bucket.files, now: () => new Date(), hasTime: () => true });
    const dir = copyOf(bucket);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(
      `CREATE VIEW results_files AS SELECT * FROM read_parquet('${dir}/results/**/*.parquet', hive_partitioning = true, hive_types = {'day': VARCHAR})`,
    );

    const read = await connection.runAndReadAll(
      `SELECT image_digest, count(*)::INTEGER FROM (${viewSql("results")}) GROUP BY image_digest ORDER BY image_digest`,
    );

    expect(Object.fromEntries(read.getRows())).to.deep.equal(
      Object.fromEntries(days.map((age) => [`age ${age}`, 2 * SUBSTITUTIONS])),
    );
    connection.closeSync();
    remove(dir);
  });
});
