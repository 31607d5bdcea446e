import type { GetResultsData } from "../../contract/tools.js";
import { scoresOf } from "./modelScores.js";
import { jobOf } from "./scoreCount.js";

/** What became of the jobs, in numbers of jobs. */
export interface Counts {
  readonly accepted: number;
  readonly completed: number;
  /** With a reason. */
  readonly failed: number;
  /** With a reason. */
  readonly expired: number;
  /** Accepted, but without an end that their owner can learn, or without a reason. */
  readonly lost: number;
  /** Scored more than once, beyond the stated window. */
  readonly double: number;
  /** Completed with other scores than those of the submitted protein. */
  readonly wrong: number;
}

/** What is known about one accepted attempt at SageMaker. */
interface Attempt {
  /** Times that SageMaker accepted it: more than 1 if an answer was lost and the SDK sent it again. */
  accepted: number;
  /** Times that the model scored it. */
  scored: number;
  /** Whether the ledger recorded that SageMaker accepted or completed it. */
  recorded: boolean;
}

/** What the injector itself saw: submissions, requests to SageMaker, and answers of the model. It reads no ledger. */
export class IndependentRecord {
  /** Sequence of each accepted job. */
  readonly accepted = new Map<string, string>();
  private readonly attempts = new Map<string, Attempt>();
  /** Number of results that SageMaker could not store, by sequence. */
  private readonly lostResults = new Map<string, number>();
  private readonly ends = new Map<string, GetResultsData | undefined>();

  /** A submission was answered with a job. */
  accept(outputId: string, sequence: string): void {
    this.accepted.set(outputId, sequence);
  }

  /** SageMaker accepted an attempt. */
  invoked(inferenceId: string): void {
    this.of(inferenceId).accepted += 1;
  }

  /** The ledger recorded that SageMaker accepted or completed an attempt. */
  recorded(inferenceId: string): void {
    this.of(inferenceId).recorded = true;
  }

  /** The model answered an attempt with scores. */
  scored(inferenceId: string): void {
    this.of(inferenceId).scored += 1;
  }

  /** SageMaker could not store a result of a protein. */
  resultLost(sequence: string): void {
    this.lostResults.set(sequence, (this.lostResults.get(sequence) ?? 0) + 1);
  }

  /** What the owner of a job learnt at the end; undefined if that is nothing. */
  end(outputId: string, answer: GetResultsData | undefined): void {
    this.ends.set(outputId, answer);
  }

  counts(): Counts {
    const jobs = [...this.accepted].map(([id, sequence]) => ({ answer: this.ends.get(id), sequence }));
    const ended = (status: string): number =>
      jobs.filter(({ answer }) => answer?.status === status && (answer.reason ?? "") !== "").length;
    const completed = jobs.filter(({ answer }) => answer?.status === "completed");
    const failed = ended("failed");
    const expired = ended("expired");
    return {
      accepted: jobs.length,
      completed: completed.length,
      failed,
      expired,
      lost: jobs.length - completed.length - failed - expired,
      double: this.repeated().filter(({ beyond }) => beyond).length,
      wrong: completed.filter(({ answer, sequence }) => !isRight(answer, sequence)).length,
    };
  }

  /**
   * Jobs that were scored more than once. Within the stated window are attempts whose acceptance by SageMaker was not
   * recorded, because the function ended or the connection broke in between; and a result that SageMaker could not
   * store has to be computed again.
   */
  repeated(): { readonly outputId: string; readonly beyond: boolean }[] {
    const jobs = new Map<string, Attempt[]>();
    for (const [inferenceId, attempt] of this.attempts) {
      const outputId = jobOf(inferenceId);
      jobs.set(outputId, [...(jobs.get(outputId) ?? []), attempt]);
    }
    return [...jobs].flatMap(([outputId, attempts]) => {
      const scored = attempts.reduce((sum, attempt) => sum + attempt.scored, 0);
      const lost = this.lostResults.get(this.accepted.get(outputId) ?? "") ?? 0;
      const kept = attempts.reduce((sum, attempt) => sum + unexcused(attempt), 0) - lost;
      return scored > 1 ? [{ outputId, beyond: kept > 1 }] : [];
    });
  }

  private of(inferenceId: string): Attempt {
    const known = this.attempts.get(inferenceId);
    if (known) return known;
    const attempt = { accepted: 0, scored: 0, recorded: false };
    this.attempts.set(inferenceId, attempt);
    return attempt;
  }
}

/** How often an attempt was scored that the service did not have to score again. */
function unexcused({ accepted, recorded, scored }: Attempt): number {
  return !recorded ? 0 : Math.max(scored - Math.max(accepted - 1, 0), 0);
}

function isRight(answer: GetResultsData | undefined, sequence: string): boolean {
  const results = answer?.results;
  if (!results || "detail" in results) return false;
  return results.sequence === sequence && JSON.stringify(results.heatmap) === JSON.stringify(scoresOf(sequence));
}
