import { uuidOf } from "./jobs.js";

/**
 * The states of a wait. They are none of a job: the index by state finds waits beside jobs, and no list of jobs has them.
 *
 * - `wait_open`: some jobs have not ended, or the task was not answered
 * - `wait_ended`: the task was answered, or nobody waits for the answer any more
 */
export const WAIT_STATES = { open: "wait_open", ended: "wait_ended" } as const;
export type WaitState = (typeof WAIT_STATES)[keyof typeof WAIT_STATES];

/** A task of a state machine that waits for jobs, in the ledger under {@link waitKey}. */
export interface Wait {
  /** The key of the item. */
  readonly output_id: string;
  readonly state: WaitState;
  /** When the task began to wait, ISO 8601. */
  readonly submitted_at: string;
  /** Seconds since 1970 (DynamoDB's TTL). */
  readonly expires_at: number;
  /** The token with which Step Functions is answered. */
  readonly task_token: string;
  /** The shard of a scan whose task it is; absent for the task of a workflow. */
  readonly shard?: string;
  /** Ids of all its jobs. */
  readonly all_jobs: ReadonlySet<string>;
  /** Ids of the jobs that have not ended; absent if all have, because DynamoDB has no empty sets. */
  readonly open_jobs?: ReadonlySet<string>;
  /** Number of its jobs that completed. */
  readonly completed: number;
}

/** Key of a wait: the token is too long for one. */
export function waitKey(taskToken: string): string {
  return `wait/${uuidOf(taskToken)}`;
}

/** Key of the item with the waits of a job, in the set `waits`. */
export function waitersKey(jobId: string): string {
  return `waiters/${jobId}`;
}
