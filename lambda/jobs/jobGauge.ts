import type { LedgerItem } from "../../contract/jobs.js";
import { LONGEST_JOB_SECONDS } from "../../contract/limits.js";

/** A job that ended or that can be sent is settled or sent by the next sweeps: so much later, it is late. In seconds. */
const GRACE_SECONDS = 600;

/** How long a job may wait for room in the queue, in seconds: the longest batch that is documented takes a night. */
const LONGEST_WAIT_SECONDS = 86_400;

/**
 * Whether a job is unfinished past its deadline: sent and without an end for longer than SageMaker can take, being sent for
 * longer than any submission takes, or waiting for more than a day.
 *
 * @param submissionTimeoutSeconds the longest time-out of a function that submits jobs
 */
export function isPastDeadline(job: LedgerItem, submissionTimeoutSeconds: number, now: Date): boolean {
  const age = (from: string): number => (now.getTime() - Date.parse(from)) / 1_000;
  const sent = age(job.sent_at ?? job.submitted_at);
  if (job.state === "waiting") return age(job.submitted_at) > LONGEST_WAIT_SECONDS;
  if (job.state === "submitting") return sent > submissionTimeoutSeconds + GRACE_SECONDS;
  return job.state === "in_progress" && sent > LONGEST_JOB_SECONDS + GRACE_SECONDS;
}
