import { setTimeout as delay } from "node:timers/promises";
import type { GetResultsData } from "../contract/tools.js";
import { ToolCallError, type ResultsQuery, type Submission, type ToolsClient } from "./tools.js";

/** Looks at a job in a row at which the service is busy before the waiting ends. */
const MOST_BUSY = 5;

/** The state of a job, after each request for it. */
export interface Progress {
  readonly outputId: string;
  readonly phase: string;
  readonly cached: boolean;
  readonly elapsedSeconds: number;
  /** Seconds until the result, as estimated at the submission; 0 where that time has passed. */
  readonly remainingSeconds: number;
}

export interface PredictOptions {
  /** Called after each request for the job; a promise that it returns is awaited. */
  readonly onProgress?: (progress: Progress) => unknown;
  /** What of the result is asked for. Default: all. */
  readonly query?: Omit<ResultsQuery, "output_id">;
  /** Seconds before the first poll. Default 0.2. The pause grows by half each time, up to `retry_after_seconds`. */
  readonly firstPollSeconds?: number;
  /** Longest pause between two polls, in seconds. Default: `retry_after_seconds`. */
  readonly longestPauseSeconds?: number;
  /** Seconds after which the last answer is returned, whether the job has ended or not. Default: when it has ended. */
  readonly waitSeconds?: number;
  /** Stops the waiting, not the job: its result can be read later. */
  readonly signal?: AbortSignal;
}

/** The last answer of `get_results`, and what was changed in the input: absent if nothing was. */
export type Predicted = GetResultsData & { readonly notes?: readonly string[] };

/**
 * Submits one protein and waits until its job has ended.
 *
 * @returns the last answer of `get_results`, with what was asked for of the result once completed
 * @throws ToolCallError, ToolsUnavailableError, or the signal's reason
 */
export async function predict(
  tools: ToolsClient,
  submission: Submission,
  {
    onProgress,
    query = { detail: "full" },
    firstPollSeconds = 0.2,
    longestPauseSeconds = Infinity,
    waitSeconds = Infinity,
    signal,
  }: PredictOptions = {},
): Promise<Predicted> {
  signal?.throwIfAborted();
  const started = performance.now();
  const job = await tools.invokeEndpoint(submission);
  const elapsed = (): number => (performance.now() - started) / 1000;
  const completion = elapsed() + (Date.parse(job.estimated_completion_time) - Date.now()) / 1000;
  const report = (phase: string | null): unknown =>
    onProgress?.({
      outputId: job.output_id,
      phase: phase ?? job.status,
      cached: job.cached,
      elapsedSeconds: elapsed(),
      remainingSeconds: Math.max(0, completion - elapsed()),
    });
  await report(job.phase);
  const { output_id, submission_id, notes } = job;
  const asked = { ...query, output_id, ...(submission_id !== undefined && { submission_id }) };
  const noted = (answer: GetResultsData): Predicted => (notes ? { ...answer, notes } : answer);
  let pause = job.cached ? 0 : firstPollSeconds;
  let busy = 0;
  for (;;) {
    await delay(pause * 1000, undefined, signal ? { signal } : {});
    let answer: GetResultsData;
    try {
      answer = await tools.getResults(asked);
    } catch (error) {
      busy += 1;
      pause = Math.min(Math.max(pause, 1) * 1.5, longestPauseSeconds);
      if (!isBusy(error) || busy === MOST_BUSY || elapsed() + pause > waitSeconds) throw error;
      continue;
    }
    busy = 0;
    await report(answer.phase ?? answer.status);
    if (answer.status !== "in_progress") return noted(answer);
    pause = Math.min(Math.max(pause, 0.1) * 1.5, answer.retry_after_seconds ?? 5, longestPauseSeconds);
    if (elapsed() + pause > waitSeconds) return noted(answer);
  }
}

/** Whether AWS throttled the call, or did not answer in time: the job goes on. */
function isBusy(error: unknown): boolean {
  return error instanceof ToolCallError && error.code === "SERVICE_BUSY";
}
