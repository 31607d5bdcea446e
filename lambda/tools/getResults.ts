import type { Label, LedgerItem } from "../../contract/jobs.js";
import { MAX_SUMMARY_BYTES } from "../../contract/limits.js";
import { parsePositions } from "../../contract/positions.js";
import type { VariantEffects } from "../../contract/result.js";
import type { Summary } from "../../contract/summary.js";
import type { GetResultsData, GetResultsInput } from "../../contract/tools.js";
import { checkWildTypes } from "../../contract/variants.js";
import type { Done } from "../shared/answers.js";
import { jobFields, NO_REASON } from "./toolAnswer.js";
import { estimate, phaseOf, readQueue } from "../shared/estimate.js";
import { forJob } from "../shared/versionServices.js";
import { findJob } from "./findJob.js";
import { jsonBytes } from "../shared/jsonBytes.js";
import { readQuery, type ResultsQuery } from "./toolInput.js";
import { narrowResult } from "./summary/narrowResult.js";
import { readResult } from "../shared/storedResult.js";
import type { JobServices } from "../shared/services.js";
import { isUnfinished, recordOutcome } from "../shared/jobOutcome.js";
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
  services: JobServices,
): Promise<Done<GetResultsData>> {
  const query = readQuery(input);
  const [found, label] = await Promise.all([findJob(query.output_id, services), findLabel(query, services)]);
  const job = await recordOutcome(found, services);
  if (isUnfinished(job)) return unfinished(job, label, services);
  if (job.state !== "completed") return ended(job, label);
  const location = job.output_location ?? "";
  const result = readResult(location === "" ? undefined : await services.objects.readText(location), job);
  return finished({ job, location, label }, result, { ...query, detail: query.detail ?? defaultDetail }, services);
}

/** The label of the caller's own submission, if the call has its id. */
async function findLabel(query: ResultsQuery, { ledger }: JobServices): Promise<Label | undefined> {
  const label = query.submission_id === undefined ? undefined : await ledger.readLabel(query.submission_id);
  return label?.job_id === query.output_id ? label : undefined;
}

async function unfinished(
  job: LedgerItem,
  label: Label | undefined,
  services: JobServices,
): Promise<Done<GetResultsData>> {
  const queue = await readQueue(job.image_digest, forJob(services, job));
  const phase = phaseOf(job, queue);
  const { retryAfterSeconds } = estimate(job, queue, services.now());
  const endpoint = queue.endpoint && !queue.endpoint.serving ? `; the endpoint is ${queue.endpoint.status}` : "";
  return {
    message: `The job is in progress (${phase ?? "phase unknown"})${endpoint}; ask again in ${retryAfterSeconds} s.`,
    data: { ...resultFields(job, label), phase, results: null, retry_after_seconds: retryAfterSeconds },
  };
}

function ended(job: LedgerItem, label: Label | undefined): Done<GetResultsData> {
  const reason = job.reason ?? NO_REASON;
  const failure = {
    failure_time: job.completed_at ?? null,
    s3_failure_path: job.failure_location ?? null,
    error_details: reason,
  };
  return {
    message: `The job ${job.state === "cancelled" ? "was cancelled" : job.state}: ${reason}`,
    data: {
      ...resultFields(job, label),
      phase: null,
      results: null,
      retry_after_seconds: null,
      reason,
      ...(job.state === "failed" && failure),
    },
  };
}

async function finished(
  { job, location, label }: { job: LedgerItem; location: string; label: Label | undefined },
  result: VariantEffects,
  query: ResultsQuery,
  { objects }: JobServices,
): Promise<Done<GetResultsData>> {
  const { sequence, sequence_length: length, numbering_offset: offset } = result;
  const positions = query.positions === undefined ? undefined : parsePositions(query.positions, length, offset);
  if (query.variants) checkWildTypes(query.variants, sequence, offset);
  const done = (results: Summary | VariantEffects | null): Done<GetResultsData> => ({
    message: "The job is completed.",
    data: { ...resultFields(job, label), phase: null, results, retry_after_seconds: null },
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

function resultFields(job: LedgerItem, label: Label | undefined) {
  return {
    ...jobFields(job),
    ...(label && { ...(label.name !== undefined && { name: label.name }), tags: label.tags }),
    completion_time: job.completed_at ?? null,
  };
}
