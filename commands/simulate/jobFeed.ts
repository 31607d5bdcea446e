import { MAX_IN_FLIGHT } from "../../contract/limits.js";
import { drainedSeconds } from "../../lambda/shared/estimate.js";
import type { SimulatedJob } from "./simulatedJob.js";

/** Most waiting jobs that the sweeper sends in a minute, see `lambda/jobs/sweep.ts`. */
const SENT_IN_A_SWEEP = 500;

/** The way of jobs to SageMaker's queue: sent at once while there is room, else each minute. */
export class JobFeed {
  /** SageMaker's queue: requests that no instance works on. */
  readonly queue: SimulatedJob[] = [];
  /** Jobs of the ledger that wait for room. */
  private readonly waiting: SimulatedJob[] = [];
  /** Jobs that SageMaker had when each was submitted: their number, summed up. */
  private seen = 0;
  private submitted = 0;
  private inFlight = 0;
  private workSeconds = 0;

  /** @param maxCapacity maximum number of instances */
  constructor(private readonly maxCapacity: number) {}

  /** Number of submitted jobs without an end. */
  get unfinished(): number {
    return this.inFlight + this.waiting.length;
  }

  /** Jobs that SageMaker had when a job was submitted, on average. */
  get meanQueue(): number {
    return this.submitted === 0 ? 0 : this.seen / this.submitted;
  }

  submit(job: SimulatedJob, now: number): void {
    this.seen += this.inFlight;
    this.submitted += 1;
    if (this.hasRoom(job)) this.send(job, now);
    else this.waiting.push(job);
  }

  /** A job that SageMaker had has an end. */
  ended(job: SimulatedJob): void {
    this.inFlight -= 1;
    this.workSeconds -= job.gpuSeconds;
  }

  /** What the sweeper does each minute. */
  sweep(now: number): void {
    for (let sent = 0; sent < SENT_IN_A_SWEEP; sent += 1) {
      const [job] = this.waiting;
      if (!job || !this.hasRoom(job)) return;
      this.waiting.shift();
      this.send(job, now);
    }
  }

  /** Takes the requests out of SageMaker's queue that it got before a time. */
  expired(before: number): SimulatedJob[] {
    const found = this.queue.findIndex(({ sentAt }) => sentAt >= before);
    return this.queue.splice(0, found < 0 ? this.queue.length : found);
  }

  private hasRoom(job: SimulatedJob): boolean {
    return (
      this.inFlight < MAX_IN_FLIGHT &&
      this.workSeconds + job.gpuSeconds <= drainedSeconds(Math.max(this.maxCapacity, 1))
    );
  }

  private send(job: SimulatedJob, now: number): void {
    job.sentAt = now;
    this.inFlight += 1;
    this.workSeconds += job.gpuSeconds;
    this.queue.push(job);
  }
}
