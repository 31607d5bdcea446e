import type { Context } from "aws-lambda";
import { FileStore } from "../fileStore.js";
import { Report } from "../report.js";
import { bucketName, createS3 } from "../services.js";
import { mergeDays } from "./mergeDays.js";

/** Time that one merged file can take, in milliseconds, several times what was measured. */
const MERGED_FILE_MS = 180_000;

const report = new Report("results-merge");
const files = new FileStore(createS3(), bucketName(process.env));

/**
 * Merges the files of past days, see `mergeDays`. What there is no time for is left to the next run.
 *
 * @throws Error if queries miss rows of a day, or will soon, because it is not merged
 */
export async function handler(_event: unknown, context: Context): Promise<void> {
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > MERGED_FILE_MS;
  const { merged, deleted, late } = await mergeDays({ files, now: () => new Date(), hasTime });
  report.info("merged", { merged, deleted });
  if (late.length > 0) throw new Error(`There was no time to merge ${late.join(", ")}: the next run continues.`);
}
