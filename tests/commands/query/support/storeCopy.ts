import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RESULT_TABLES } from "../../../../contract/resultStore.js";
import type { EndedJob } from "../../../../lambda/results/endedJob.js";
import { attemptOf, newFileKey } from "../../../../lambda/results/fileNames.js";
import { writeParquet } from "../../../../lambda/results/parquetFile.js";
import { jobRow } from "../../../../lambda/results/rows.js";
import { endedJob, jobOf, store } from "../../../lambda/results/support/endedJobs.js";
import { FakeBucket } from "../../../lambda/results/support/fakeBucket.js";
import { variedEffects } from "../../../lambda/support/results.js";

const SMALL = "chandar-lab/AMPLIFY_120M";
const LARGE = "chandar-lab/AMPLIFY_350M";

/** Residues of the two proteins. */
const LENGTHS = { alpha: 30, beta: 12 };

/** A store with two proteins scored by two models, one of them twice, and three attempts that were not completed. */
export interface Example {
  readonly bucket: FakeBucket;
  /** The jobs as the ledger has them. */
  readonly jobs: readonly EndedJob[];
}

/** Fills a store as the function does, from results of the container's shape. */
export async function exampleStore(): Promise<Example> {
  const bucket = new FakeBucket();
  const jobs: EndedJob[] = [];
  for (const [name, length] of Object.entries(LENGTHS)) {
    for (const [index, model] of [SMALL, LARGE].entries()) {
      const effects = variedEffects(length, { timing: { compute_s: 1.5 } });
      const percentiles = effects.heatmap.map((row) =>
        row.map((score) => (index === 0 ? Number(score) + 8 : 2 - Number(score)) * 10),
      );
      const result = { ...effects, percentiles };
      const image = `sha256:${index}`;
      const job = jobOf(result, { model, image_digest: `${image}-${name}` });
      await store(bucket, job, result);
      jobs.push(job);
    }
  }
  const failed = { state: "failed", completed_at: "2026-11-26T10:05:00.000Z" } as const;
  for (const job of [
    endedJob({ ...failed, image_digest: "sha256:2-gamma", reason: "OUT_OF_MEMORY: 80 GB" }),
    endedJob({ ...failed, image_digest: "sha256:2-gamma", attempt: 2, reason: "OUT_OF_MEMORY: 81 GB" }),
    endedJob({ ...failed, image_digest: "sha256:2-delta", state: "expired", reason: "SageMaker wrote nothing" }),
  ]) {
    bucket.objects.set(
      newFileKey("jobs", job),
      await writeParquet(RESULT_TABLES.jobs, [jobRow(job, undefined)], [attemptOf(job)]),
    );
    jobs.push(job);
  }
  return { bucket, jobs };
}

/** Copies a bucket to a folder of its own, as `aws s3 sync` does. */
export function copyOf({ objects }: FakeBucket): string {
  const dir = mkdtempSync(join(tmpdir(), "result-store-"));
  for (const [key, content] of objects) {
    mkdirSync(dirname(join(dir, key)), { recursive: true });
    writeFileSync(join(dir, key), content);
  }
  return dir;
}

/** Removes a copy. */
export function remove(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}
