import { outputIdOf, sequenceSha256 } from "../../../../contract/jobs.js";
import type { VariantEffects } from "../../../../contract/result.js";
import type { EndedJob } from "../../../../lambda/results/endedJob.js";
import { jobRow, resultRows } from "../../../../lambda/results/rows.js";
import { newFileKey, attemptOf } from "../../../../lambda/results/fileNames.js";
import { writeParquet } from "../../../../lambda/results/parquetFile.js";
import { RESULT_TABLES } from "../../../../contract/resultStore.js";
import { SEQUENCE } from "../../support/world.js";
import type { FakeBucket } from "./fakeBucket.js";

/** A job that completed a minute after its submission, with any attributes changed. */
export function endedJob(changes: Partial<EndedJob> = {}): EndedJob {
  const sequence = SEQUENCE;
  const image = changes.image_digest ?? "sha256:1111";
  return {
    output_id: outputIdOf({ sequence, scoring: "masked-marginals" }, image),
    state: "completed",
    attempt: 1,
    submitted_at: "2026-11-25T10:00:00.000Z",
    completed_at: "2026-11-25T10:01:00.500Z",
    sequence_sha256: sequenceSha256(sequence),
    sequence_length: sequence.length,
    model: "chandar-lab/AMPLIFY_120M",
    revision: "main",
    image_digest: image,
    scoring: "masked-marginals",
    output_location: "s3://bucket/async-inference-output/result.out",
    ...changes,
  };
}

/** A completed job with this result. */
export function jobOf(result: VariantEffects, changes: Partial<EndedJob> = {}): EndedJob {
  const { sequence } = result;
  return endedJob({ sequence_sha256: sequenceSha256(sequence), sequence_length: sequence.length, ...changes });
}

/** Stores the rows of a completed job as the function does. */
export async function store(bucket: FakeBucket, job: EndedJob, result: VariantEffects): Promise<void> {
  const rows = resultRows(job, result);
  const attempts = [attemptOf(job)];
  bucket.objects.set(newFileKey("results", job), await writeParquet(RESULT_TABLES.results, rows, attempts));
  const row = jobRow(job, { result, variants: rows.length });
  bucket.objects.set(newFileKey("jobs", job), await writeParquet(RESULT_TABLES.jobs, [row], attempts));
}
