import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { LedgerItem } from "../../contract/jobs.js";
import { NO_PROTEIN_COMPLETED } from "../../contract/scan.js";
import type { Wait } from "../../contract/waits.js";
import type { Instrument } from "./clients.js";
import { isUnfinished } from "./jobOutcome.js";
import { TaskAnswers } from "./taskAnswers.js";
import type { Telemetry } from "./telemetry.js";
import { WaitStore } from "./waitStore.js";

/** What a function needs to answer tasks that wait for jobs. */
export interface Waits {
  readonly store: WaitStore;
  readonly answers: Pick<TaskAnswers, "succeed" | "fail">;
}

/** Creates what answers tasks. */
export function createWaits(documents: DynamoDBDocumentClient, table: string, instrument?: Instrument): Waits {
  return { store: new WaitStore(documents, table), answers: new TaskAnswers(instrument) };
}

export interface WaitServices {
  readonly waits: Waits;
  readonly telemetry: Telemetry;
}

/** Tells every task that waits for a job that the job has ended. Repeated, it changes nothing; nor does an unfinished job. */
export async function settleWaits(job: LedgerItem, services: WaitServices): Promise<void> {
  if (isUnfinished(job)) return;
  for (const key of await services.waits.store.of(job.output_id)) {
    await settleWait(key, job.output_id, job.state === "completed", services);
  }
}

/** Takes an ended job out of one wait, and answers the task if it was the last. */
export async function settleWait(
  key: string,
  jobId: string,
  completed: boolean,
  services: WaitServices,
): Promise<void> {
  const wait = await services.waits.store.settle(key, jobId, completed);
  if (wait !== undefined) await answerIfLast(wait, services);
}

/**
 * Answers the task of a wait without open jobs, and then records that. If the function ends in between, the sweeper answers
 * again, and Step Functions refuses the second answer.
 */
export async function answerIfLast(wait: Wait, { waits, telemetry }: WaitServices): Promise<void> {
  const { all_jobs: all, completed, open_jobs: open, shard, task_token: token } = wait;
  if ((open?.size ?? 0) > 0) return;
  const jobs = all.size;
  const of = shard === undefined ? "" : ` of shard ${shard}`;
  const heard =
    completed > 0
      ? await waits.answers.succeed(token, { jobs, completed })
      : await waits.answers.fail(token, NO_PROTEIN_COMPLETED, `None of the ${jobs} jobs${of} completed.`);
  await waits.store.end(wait);
  telemetry.info("A task that waited for jobs was answered", { shard, jobs, completed, heard });
}
