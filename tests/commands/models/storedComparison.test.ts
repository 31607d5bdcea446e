import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { compareScores, summariseJobs } from "../../../client/modelComparison.js";
import { comparisonPage } from "../../../commands/models/comparisonPage.js";
import { comparisonText } from "../../../commands/models/comparisonText.js";
import { fromStore, type ComparedVersions } from "../../../commands/models/storedComparison.js";
import type { VersionComparison } from "../../../commands/models/versionComparison.js";
import { LocalStore } from "../../../commands/query/localStore.js";
import { RESULT_TABLES, type Columns } from "../../../contract/resultStore.js";
import { readParquet, writeParquet } from "../../../lambda/results/parquetFile.js";
import type { Row } from "../../../lambda/results/rows.js";
import { copyOf, remove } from "../query/support/storeCopy.js";
import { FakeBucket } from "../../lambda/results/support/fakeBucket.js";
import { jobOf, store } from "../../lambda/results/support/endedJobs.js";
import { variedEffects } from "../../lambda/support/results.js";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const LENGTH = 12;

describe("the comparison of two versions from the result store", () => {
  let found: ComparedVersions;
  let dir = "";

  before(async () => {
    const bucket = new FakeBucket();
    const same = variedEffects(LENGTH, { timing: { compute_s: 3 } });
    const turned = { ...same, heatmap: same.heatmap.map((row) => row.map((llr) => (llr === null ? null : -llr))) };
    const other = `sha256:${"c".repeat(64)}`;
    for (const [digest, result, name] of [
      [A, same, "base"],
      [B, turned, "v2"],
      // Another image that had the same name: its rows do not count.
      [other, same, "v2"],
    ] as const) {
      await store(bucket, jobOf(result, { image_digest: digest, model_version: name }), result);
    }
    dir = copyOf(bucket);
    const local = await LocalStore.open(dir);
    found = await fromStore((sql) => local.query(sql), A, B, 10);
    const names = await local.query("SELECT DISTINCT model_version FROM results ORDER BY model_version");
    expect(names.rows).to.deep.equal([["base"], ["v2"]]);
    local.close();
  });

  after(() => {
    remove(dir);
  });

  it("has every substitution of the proteins that both scored, and the jobs of each", () => {
    const scores = compareScores(found.proteins);

    expect(scores.proteins).to.have.length(1);
    expect(scores.proteins[0]).to.include({ compared: 19 * LENGTH });
    expect(scores.mean_spearman).to.be.closeTo(-1, 1e-9);
    expect(summariseJobs(found.jobs.b)).to.include({
      attempts: 1,
      completed: 1,
      gpu_seconds_per_1000_residues: 3_000 / LENGTH,
    });
  });

  it("is a table and a page that runs no script", () => {
    const version = { model_id: "<b>owner/model</b>", revision: "main" };
    const comparison: VersionComparison = {
      a: { ...version, name: "base", model_version: A },
      b: { ...version, name: "v2", model_version: B },
      source: "the result store",
      scores: compareScores(found.proteins),
      unreadable: [],
      work: { a: summariseJobs(found.jobs.a), b: summariseJobs(found.jobs.b) },
      validation: {
        assays: [{ name: "BLAT", variants: 10, spearman_a: 0.4, spearman_b: 0.5 }],
        paired: { mean_a: 0.4, mean_b: 0.5, difference: 0.1, interval: { low: 0.05, high: 0.15 } },
      },
    };

    const text = comparisonText(comparison);
    expect(text).to.match(/Proteins that both scored: 1, mean Spearman -1\.000/);
    expect(text).to.match(/GPU seconds per 1,000 residues +250\.000 +250\.000/);
    expect(text).to.include("difference 0.100, 95 % interval 0.050 to 0.150");
    const page = comparisonPage(comparison);
    expect(page).to.include("default-src 'none'").and.to.include("&lt;b&gt;owner/model&lt;/b&gt;");
    expect(page).to.not.match(/<script|<b>|https?:/);
  });

  it("takes digests alone into its SQL", async () => {
    let reason = "";
    await fromStore(() => Promise.reject(new Error("was queried")), A, "x' OR '1'='1", 10).catch((error: unknown) => {
      reason = String(error);
    });

    expect(reason).to.include("is no model version");
  });
});

describe("files of the result store that are older than a column", () => {
  const older = Object.fromEntries(Object.entries(RESULT_TABLES.jobs).filter(([name]) => name !== "model_version"));
  const row = Object.fromEntries(Object.keys(older).map((name) => [name, name === "attempt" ? 1 : null]));

  it("are read with nulls, by the function that merges them and by queries", async () => {
    const bytes = await writeParquet(older as Columns, [row as Row<Columns>], []);
    const dir = mkdtempSync(path.join(tmpdir(), "older-"));
    const folder = path.join(dir, "jobs", "stage=new", "day=2026-01-01");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "a.parquet"), bytes);
    const local = await LocalStore.open(dir);

    const [read] = await readParquet(RESULT_TABLES.jobs, bytes);
    const { rows } = await local.query("SELECT attempt, model_version FROM jobs");
    local.close();
    rmSync(dir, { recursive: true });

    expect(read).to.include({ attempt: 1, model_version: null });
    expect(rows).to.deep.equal([[1, null]]);
  });
});
