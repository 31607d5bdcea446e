import { JOB_STATUSES, statesOf, type JobState, type Label, type LedgerItem } from "../../contract/jobs.js";
import type { ListedJob, ListJobsData } from "../../contract/tools.js";
import type { Place } from "../shared/jobLedger.js";
import { isWithinRetention, statusOf } from "../shared/jobOutcome.js";
import type { JobServices } from "../shared/services.js";
import { readNextToken, writeNextToken, type Places } from "./nextToken.js";
import type { Done } from "../shared/answers.js";
import { versionField } from "./toolAnswer.js";
import { readListing, type Listing } from "./toolInput.js";

/**
 * `list_jobs`: jobs, newest first. With a tag it lists submissions, each with its own name and tags; with a tag and a
 * status, a page can have fewer jobs than `limit`, because the status is looked up afterwards.
 *
 * @param input the tool's arguments as the caller sent them
 * @throws InputError for invalid input; ToolError if an AWS call fails
 */
export async function listJobs(
  input: Readonly<Record<string, unknown>>,
  services: JobServices,
): Promise<Done<ListJobsData>> {
  const listing = readListing(input);
  const places = listing.next_token === undefined ? {} : readNextToken(listing.next_token, listing);
  const page = await (listing.tag === undefined
    ? byState(listing, places, services)
    : byTag(listing.tag, listing, places, services));
  const data = { jobs: page.jobs, next_token: page.next && writeNextToken(page.next, listing) };
  const more = data.next_token === null ? "" : "; call again with next_token for more";
  return { message: `${data.jobs.length} job${data.jobs.length === 1 ? "" : "s"}${more}.`, data };
}

interface Page {
  readonly jobs: ListedJob[];
  /** Where the next page begins in each list; null at the end. */
  readonly next: Places | null;
}

/** The index has a list for each state: reads a page of each, and merges them. */
async function byState({ status, limit }: Listing, places: Places, services: JobServices): Promise<Page> {
  const states = (status === undefined ? JOB_STATUSES : [status]).flatMap((one) => statesOf(one));
  const lists = await Promise.all(
    states.map(async (state) => {
      const jobs = await services.ledger.inState(state, { limit: limit + 1, after: places[state] });
      return jobs.map((job) => ({ state, job }));
    }),
  );
  // The sort is stable: jobs of the same time keep the order of their list, in which the next page continues.
  const merged = lists.flat().sort((a, b) => newestFirst(a.job.submitted_at, b.job.submitted_at));
  const shown = merged.slice(0, limit);
  const next: Partial<Record<JobState, Place>> = { ...places };
  for (const { state, job } of shown) next[state] = placeOf(job);
  const jobs = shown.map(({ job }) => job).filter((job) => isWithinRetention(job, services.now()));
  return { jobs: jobs.map((job) => listed(job)), next: merged.length > limit ? next : null };
}

async function byTag(tag: string, { status, limit }: Listing, places: Places, services: JobServices): Promise<Page> {
  const { ledger, now } = services;
  const labels = await ledger.withTag(tag, { limit: limit + 1, after: places.tag });
  const shown = labels.slice(0, limit);
  const jobs = await Promise.all(shown.map(async (label) => ({ label, job: await ledger.read(label.job_id) })));
  const last = shown.at(-1);
  return {
    jobs: jobs.flatMap(({ label, job }) =>
      job !== undefined && isWithinRetention(job, now()) && (status === undefined || statusOf(job) === status)
        ? [listed(job, label)]
        : [],
    ),
    next: labels.length > limit && last ? { tag: placeOf(last) } : null,
  };
}

/** Compares two times in ISO 8601. */
function newestFirst(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}

function placeOf({ output_id, submitted_at }: LedgerItem | Label): Place {
  return { output_id, submitted_at };
}

function listed(job: LedgerItem, label?: Label): ListedJob {
  return {
    output_id: job.output_id,
    ...versionField(job),
    status: statusOf(job),
    submitted_at: label?.submitted_at ?? job.submitted_at,
    sequence_length: job.sequence_length,
    completion_time: job.completed_at ?? null,
    ...(job.reason !== undefined && { reason: job.reason }),
    ...(label && {
      submission_id: label.submission_id,
      ...(label.name !== undefined && { name: label.name }),
      tags: label.tags,
    }),
  };
}
