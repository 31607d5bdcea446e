import type { Clock } from "../clock.js";
import { withoutAnswer, type Job, type Outcome } from "./job.js";

export interface QueueOptions {
  readonly clock: Clock;
  /** Runs a job until `signal` aborts it; never rejects. */
  readonly work: (job: Job, signal: AbortSignal) => Promise<Outcome>;
  /** Called with the outcome of each job; never rejects. */
  readonly onOutcome: (job: Job, outcome: Outcome) => Promise<void>;
  /** Called when the number of waiting or running jobs has changed. */
  readonly onChange: () => void;
}

interface Waiting {
  readonly job: Job;
  readonly cancelExpiry: () => void;
}

/** A first-in, first-out queue. Jobs wait for a free slot, expire if they wait too long, and fail if they run too long. */
export class AsyncQueue {
  private readonly waitingJobs: Waiting[] = [];
  private readonly runningJobs = new Set<AbortController>();
  private slots = 0;
  private stopped = false;

  constructor(private readonly options: QueueOptions) {}

  /** Number of jobs that wait for a slot. */
  get waiting(): number {
    return this.waitingJobs.length;
  }

  /** Number of jobs that run, or whose outcome is being stored. */
  get running(): number {
    return this.runningJobs.size;
  }

  /** Adds a job. It expires if no slot becomes free within its time to live. */
  add(job: Job): void {
    const cancelExpiry = this.options.clock.after(job.invocation.ttlSeconds * 1000, () => {
      this.expire(job);
    });
    this.waitingJobs.push({ job, cancelExpiry });
    this.options.onChange();
    this.fill();
  }

  /** Sets the number of concurrent jobs. Jobs that already run continue. */
  setSlots(slots: number): void {
    this.slots = slots;
    this.fill();
  }

  /** Aborts all jobs and stores no outcome. */
  stop(): void {
    this.stopped = true;
    for (const { cancelExpiry } of this.waitingJobs.splice(0)) cancelExpiry();
    for (const running of this.runningJobs) running.abort(new Error("The twin is stopping."));
  }

  private fill(): void {
    while (!this.stopped && this.runningJobs.size < this.slots) {
      const next = this.waitingJobs.shift();
      if (!next) return;
      next.cancelExpiry();
      void this.run(next.job);
    }
  }

  private async run(job: Job): Promise<void> {
    const { clock, work } = this.options;
    const running = new AbortController();
    this.runningJobs.add(running);
    this.options.onChange();
    const seconds = job.invocation.timeoutSeconds;
    const cancelTimeout = clock.after(seconds * 1000, () => {
      running.abort(new Error(`The model did not answer within InvocationTimeoutSeconds (${seconds} s).`));
    });
    const outcome = await work(job, running.signal);
    cancelTimeout();
    await this.finish(job, outcome);
    this.runningJobs.delete(running);
    this.options.onChange();
    this.fill();
  }

  private expire(job: Job): void {
    const index = this.waitingJobs.findIndex((waiting) => waiting.job === job);
    if (index < 0) return;
    this.waitingJobs.splice(index, 1);
    this.options.onChange();
    const seconds = job.invocation.ttlSeconds;
    void this.finish(job, withoutAnswer("Expired", `The request waited longer than RequestTTLSeconds (${seconds} s).`));
  }

  private async finish(job: Job, outcome: Outcome): Promise<void> {
    if (!this.stopped) await this.options.onOutcome(job, outcome);
  }
}
