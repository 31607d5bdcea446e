import { ToolError } from "../../contract/errors.js";
import { TOP_VARIANTS, type ManifestLine } from "../../contract/fastaDrop.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { csvText } from "../shared/csvText.js";
import { isUnfinished, isWithinRetention, statusOf } from "../shared/jobOutcome.js";
import { overview, scoredVariant } from "../shared/scoreTable.js";
import { readResult } from "../shared/storedResult.js";
import type { DropServices } from "./services.js";

/** Jobs that are read at the same time, and results: these have up to 5 MB. */
const JOBS_AT_A_TIME = 20;
const RESULTS_AT_A_TIME = 4;

/** A part of a file whose jobs have all ended. */
export interface EndedPart {
  /** The manifest with the end of each job. */
  readonly lines: readonly EndedLine[];
  /** Rows of the CSV, each with its line end. */
  readonly rows: string;
}

export interface EndedLine extends ManifestLine {
  /** Present for a completed job whose result could not be read. */
  readonly unreadable?: true;
}

/**
 * The ends of the jobs of a part, and their best variants.
 *
 * @returns undefined if a job has not ended yet
 */
export async function endedPart(
  lines: readonly ManifestLine[],
  services: DropServices,
): Promise<EndedPart | undefined> {
  const jobs = new Map<string, LedgerItem | undefined>();
  // From the last, which ends last: most looks need a single group.
  const ids = [...new Set(lines.flatMap(({ output_id: id }) => id ?? []))].reverse();
  for (let start = 0; start < ids.length; start += JOBS_AT_A_TIME) {
    const some = ids.slice(start, start + JOBS_AT_A_TIME);
    const found = await Promise.all(some.map((id) => services.ledger.read(id)));
    if (found.some((job) => job !== undefined && isUnfinished(job))) return undefined;
    for (const [index, id] of some.entries()) jobs.set(id, found[index]);
  }
  const ended: { readonly line: EndedLine; readonly rows: string }[] = [];
  for (let start = 0; start < lines.length; start += RESULTS_AT_A_TIME) {
    const some = lines.slice(start, start + RESULTS_AT_A_TIME);
    ended.push(...(await Promise.all(some.map((line) => endedLine(line, jobs.get(line.output_id ?? ""), services)))));
  }
  return { lines: ended.map(({ line }) => line), rows: ended.map(({ rows }) => rows).join("") };
}

async function endedLine(
  line: ManifestLine,
  job: LedgerItem | undefined,
  services: DropServices,
): Promise<{ readonly line: EndedLine; readonly rows: string }> {
  if (line.output_id === undefined) return { line, rows: "" };
  if (job === undefined || !isWithinRetention(job, services.now())) {
    return { line: { ...line, status: "unknown", reason: "The ledger does not have the job any more." }, rows: "" };
  }
  const status = statusOf(job);
  if (status === "in_progress") throw new Error(`Job ${job.output_id} has not ended.`);
  if (status !== "completed") {
    return { line: { ...line, status, ...(job.reason !== undefined && { reason: job.reason }) }, rows: "" };
  }
  const rows = await topVariants(line, job, services);
  return { line: { ...line, status, ...(rows === undefined && { unreadable: true }) }, rows: rows ?? "" };
}

/** Rows of the CSV for a completed job; undefined if its result cannot be read. */
async function topVariants(
  { record, name = "" }: ManifestLine,
  job: LedgerItem,
  { objects, telemetry }: DropServices,
): Promise<string | undefined> {
  const { output_id: id, output_location: location } = job;
  try {
    const result = readResult(location === undefined ? undefined : await objects.readText(location), job);
    return overview(result, TOP_VARIANTS)
      .best.map((site, index) => {
        const { variant, hgvs, score } = scoredVariant([site], site.score);
        return `${[record, csvText(name), id, index + 1, variant, hgvs, score ?? ""].join(",")}\r\n`;
      })
      .join("");
  } catch (error) {
    if (!(error instanceof ToolError) || !/^RESULT_/.test(error.code)) throw error;
    telemetry.warn("A result could not be read for the list of variants", { output_id: id, error_code: error.code });
    return undefined;
  }
}
