import { ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { MAX_SUMMARY_BYTES } from "../../contract/limits.js";
import { parsePositions } from "../../contract/positions.js";
import type { VariantEffects } from "../../contract/result.js";
import type { Summary } from "../../contract/summary.js";
import type { GetResultsData, GetResultsInput } from "../../contract/tools.js";
import { checkWildTypes } from "../../contract/variants.js";
import type { Done } from "./toolAnswer.js";
import { estimate, lookAtQueue, phaseOf } from "./estimate.js";
import { jsonBytes } from "./summary/jsonBudget.js";
import { readQuery, type ResultsQuery } from "./request.js";
import { restrict } from "./summary/narrowResult.js";
import { readResult } from "./storedResult.js";
import type { ToolsServices } from "./services.js";
import { isUnfinished, recordOutcome, statusOf } from "../shared/jobOutcome.js";
import { summarise } from "./summary/summarise.js";

/** The most bytes that Lambda answers with, less the envelope that `answers.ts` puts around the data. */
const FULL_BYTES = 6_291_556 - 1_000;

/** The most bytes of a summary's answer, less its envelope. */
const SUMMARY_BYTES = MAX_SUMMARY_BYTES - 300;

/**
 * `get_results`: how a job stands, and what it found once it is finished.
 *
 * In a summary, `positions` and `variants` choose the rows it shows. In a full answer the cells of other positions are
 * null, and `variants` are those asked for.
 *
 * @param input the tool's arguments as they came
 * @param defaultDetail how much the answer holds unless the arguments say
 * @throws InputError for faulty input; ToolError `UNKNOWN_JOB`, `RESULT_UNREADABLE`, or where AWS does not answer
 */
export async function getResults(
  input: Readonly<Record<string, unknown>>,
  defaultDetail: NonNullable<GetResultsInput["detail"]>,
  services: ToolsServices,
): Promise<Done<GetResultsData>> {
  const query = readQuery(input);
  const job = await recordOutcome(await findJob(query.output_id, services), services);
  if (isUnfinished(job)) return unfinished(job, services);
  if (job.state !== "completed") return ended(job);
  const location = job.output_location ?? "";
  const result = readResult(location === "" ? undefined : await services.objects.readText(location), job);
  return finished(job, location, result, { ...query, detail: query.detail ?? defaultDetail }, services);
}

async function findJob(outputId: string, { ledger, now }: ToolsServices): Promise<LedgerItem> {
  const job = await ledger.read(outputId);
  // DynamoDB deletes an item up to days after its time.
  if (job === undefined || job.expires_at * 1_000 <= now().getTime()) {
    throw new ToolError(
      "UNKNOWN_JOB",
      `There is no job ${outputId}, or it is older than jobs are kept; invoke_endpoint answers with the id of a new one.`,
      { details: { output_id: outputId } },
    );
  }
  return job;
}

async function unfinished(job: LedgerItem, services: ToolsServices): Promise<Done<GetResultsData>> {
  const queue = await lookAtQueue(job, services);
  const phase = phaseOf(queue);
  const { retryAfterSeconds } = estimate(job, queue, services.now());
  const endpoint = queue.endpoint && !queue.endpoint.serving ? `; the endpoint is ${queue.endpoint.status}` : "";
  return {
    message: `The job is in progress (${phase ?? "phase unknown"})${endpoint}; ask again in ${retryAfterSeconds} s.`,
    data: { ...identity(job), phase, results: null, retry_after_seconds: retryAfterSeconds },
  };
}

function ended(job: LedgerItem): Done<GetResultsData> {
  const reason = job.reason ?? "no reason is known";
  return {
    message: `The job ${job.state === "expired" ? "expired" : "failed"}: ${reason}`,
    data: { ...identity(job), phase: null, results: null, retry_after_seconds: null, reason },
  };
}

async function finished(
  job: LedgerItem,
  location: string,
  result: VariantEffects,
  query: ResultsQuery,
  { objects }: ToolsServices,
): Promise<Done<GetResultsData>> {
  const { sequence, sequence_length: length, numbering_offset: offset } = result;
  const positions = query.positions === undefined ? undefined : parsePositions(query.positions, length, offset);
  if (query.variants) checkWildTypes(query.variants, sequence, offset);
  const done = (results: Summary | VariantEffects | null): Done<GetResultsData> => ({
    message: "The job is finished.",
    data: { ...identity(job), phase: null, results, retry_after_seconds: null },
  });
  const notes: string[] = [];
  if (query.detail === "full") {
    const full = done(restrict(result, positions, query.variants));
    if (jsonBytes(full) <= FULL_BYTES) return full;
    notes.push("The full answer is larger than Lambda's 6 MB: download it by the link, or read it from S3.");
  }
  const links = { s3_output_path: location, download_url: await objects.downloadLink(location) };
  return done(
    summarise(result, {
      top: query.top,
      ...(positions && { positions }),
      ...(query.variants && { variants: query.variants }),
      links,
      notes,
      budget: SUMMARY_BYTES - jsonBytes(done(null)),
    }),
  );
}

function identity(job: LedgerItem) {
  return {
    status: statusOf(job),
    output_id: job.output_id,
    ...(job.name !== undefined && { name: job.name }),
    s3_output_path: job.output_location ?? null,
    completion_time: job.completed_at ?? null,
  };
}
