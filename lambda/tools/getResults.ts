import { ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { MAX_SUMMARY_BYTES } from "../../contract/limits.js";
import { parsePositions } from "../../contract/positions.js";
import type { VariantEffects } from "../../contract/result.js";
import type { Summary } from "../../contract/summary.js";
import type { GetResultsData, GetResultsInput } from "../../contract/tools.js";
import { checkWildTypes } from "../../contract/variants.js";
import { jobFields, NO_REASON, type Done } from "./toolAnswer.js";
import { estimate, readQueue, phaseOf } from "./estimate.js";
import { jsonBytes } from "./summary/jsonBudget.js";
import { readQuery, type ResultsQuery } from "./toolInput.js";
import { narrowResult } from "./summary/narrowResult.js";
import { readResult } from "./storedResult.js";
import type { ToolsServices } from "./services.js";
import { isUnfinished, isWithinRetention, recordOutcome } from "../shared/jobOutcome.js";
import { summarise } from "./summary/summarise.js";

/** Most bytes of a full answer: Lambda's maximum, less room for the fields that `success` adds to the data. */
const FULL_BYTES = 6_291_556 - 1_000;

/** Most bytes of an answer with a summary, less room for the fields that `success` adds to the data. */
const SUMMARY_BYTES = MAX_SUMMARY_BYTES - 300;

/**
 * `get_results`: the status of a job, and its result when it is completed.
 *
 * `positions` and `variants` choose the rows of a summary. In a full result the cells of other positions are null, and
 * `variants` has only the requested variants.
 *
 * @param input the tool's arguments as the caller sent them
 * @param defaultDetail used if the arguments have no `detail`
 * @throws InputError for invalid input; ToolError `UNKNOWN_JOB`, `RESULT_UNREADABLE`, or if an AWS call fails
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
  if (job === undefined || !isWithinRetention(job, now())) {
    throw new ToolError(
      "UNKNOWN_JOB",
      `There is no job ${outputId}, or it is older than the retention period; submit the protein again with invoke_endpoint.`,
      { details: { output_id: outputId } },
    );
  }
  return job;
}

async function unfinished(job: LedgerItem, services: ToolsServices): Promise<Done<GetResultsData>> {
  const queue = await readQueue(job, services);
  const phase = phaseOf(queue);
  const { retryAfterSeconds } = estimate(job, queue, services.now());
  const endpoint = queue.endpoint && !queue.endpoint.serving ? `; the endpoint is ${queue.endpoint.status}` : "";
  return {
    message: `The job is in progress (${phase ?? "phase unknown"})${endpoint}; ask again in ${retryAfterSeconds} s.`,
    data: { ...resultFields(job), phase, results: null, retry_after_seconds: retryAfterSeconds },
  };
}

function ended(job: LedgerItem): Done<GetResultsData> {
  const reason = job.reason ?? NO_REASON;
  return {
    message: `The job ${job.state === "expired" ? "expired" : "failed"}: ${reason}`,
    data: { ...resultFields(job), phase: null, results: null, retry_after_seconds: null, reason },
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
    message: "The job is completed.",
    data: { ...resultFields(job), phase: null, results, retry_after_seconds: null },
  });
  const notes: string[] = [];
  if (query.detail === "full") {
    const full = done(narrowResult(result, positions, query.variants));
    if (jsonBytes(full) <= FULL_BYTES) return full;
    notes.push(
      "The full result is larger than Lambda's maximum of 6 MB: download it with the link, or read it from S3.",
    );
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

function resultFields(job: LedgerItem) {
  return {
    ...jobFields(job),
    ...(job.name !== undefined && { name: job.name }),
    completion_time: job.completed_at ?? null,
  };
}
