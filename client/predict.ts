import { setTimeout as delay } from "node:timers/promises";
import type { GetResultsData } from "../contract/tools.js";
import type { Submission, ToolsClient } from "./tools.js";

/** Where a job stands, told each time it is asked for. */
export interface Progress {
  readonly outputId: string;
  readonly phase: string;
  readonly cached: boolean;
  readonly elapsedSeconds: number;
}

export interface PredictOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** Seconds before the first question; it grows by half each time, up to what the service asks for. Default 0.2. */
  readonly firstPollSeconds?: number;
  /** Ends the waiting; the job goes on and can be asked for later. */
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
  const tell = (phase: string | null): void =>
    onProgress?.({
      outputId: job.output_id,
      phase: phase ?? job.status,
      cached: job.cached,
      elapsedSeconds: (performance.now() - started) / 1000,
    });
  tell(job.phase);
  let pause = job.cached ? 0 : firstPollSeconds;
  for (;;) {
    await delay(pause * 1000, undefined, signal ? { signal } : {});
    const answer = await tools.getResults({ output_id: job.output_id, detail: "full" });
    tell(answer.phase ?? answer.status);
    if (answer.status !== "in_progress") return answer;
    pause = Math.min(Math.max(pause, 0.1) * 1.5, answer.retry_after_seconds ?? 5);
  }
}
