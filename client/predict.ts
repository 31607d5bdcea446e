import { setTimeout as delay } from "node:timers/promises";
import type { GetResultsData } from "../contract/tools.js";
import type { Submission, ToolsClient } from "./tools.js";

/** The state of a job, after each request for it. */
export interface Progress {
  readonly outputId: string;
  readonly phase: string;
  readonly cached: boolean;
  readonly elapsedSeconds: number;
}

export interface PredictOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Seconds before the first poll. Default 0.2. The pause grows by half each time, up to `retry_after_seconds`. */
  readonly firstPollSeconds?: number;
  /** Stops the waiting, not the job: its result can be read later. */
  readonly signal?: AbortSignal;
}

/**
 * Submits one protein and waits until its job has ended.
 *
 * @returns the last answer of `get_results`, with the full result once completed
 * @throws ToolCallError, ToolsUnavailableError, or the signal's reason
 */
export async function predict(
  tools: ToolsClient,
  submission: Submission,
  { onProgress, firstPollSeconds = 0.2, signal }: PredictOptions = {},
): Promise<GetResultsData> {
  const started = performance.now();
  const job = await tools.invokeEndpoint(submission);
  const report = (phase: string | null): void =>
    onProgress?.({
      outputId: job.output_id,
      phase: phase ?? job.status,
      cached: job.cached,
      elapsedSeconds: (performance.now() - started) / 1000,
    });
  report(job.phase);
  let pause = job.cached ? 0 : firstPollSeconds;
  for (;;) {
    await delay(pause * 1000, undefined, signal ? { signal } : {});
    const answer = await tools.getResults({ output_id: job.output_id, detail: "full" });
    report(answer.phase ?? answer.status);
    if (answer.status !== "in_progress") return answer;
    pause = Math.min(Math.max(pause, 0.1) * 1.5, answer.retry_after_seconds ?? 5);
  }
}
