import { parseInferenceId } from "../../contract/jobs.js";

/** Counts how often the stand-in of the model scored each job. */
export class ScoreCount {
  private readonly scores = new Map<string, number>();

  /** Counts one answer with scores. */
  add(inferenceId: string): void {
    const job = jobOf(inferenceId);
    this.scores.set(job, (this.scores.get(job) ?? 0) + 1);
  }

  /** Number of jobs that were scored. */
  get jobs(): number {
    return this.scores.size;
  }

  /** Number of jobs that were scored more than once. */
  get repeatedJobs(): number {
    return [...this.scores.values()].filter((times) => times > 1).length;
  }

  /** Number of scores for jobs that were scored before. */
  get repeats(): number {
    return [...this.scores.values()].reduce((sum, times) => sum + times - 1, 0);
  }
}

/** The job of an attempt. */
export function jobOf(inferenceId: string): string {
  return parseInferenceId(inferenceId)?.outputId ?? inferenceId;
}
