import { GpuWorker } from "./gpuWorker.js";
import type { SimulatedJob } from "./simulatedJob.js";

/** One instance behind the endpoint. */
export class Instance {
  private readonly workers: readonly GpuWorker[];
  private readonly io: { readonly job: SimulatedJob; readonly until: number }[] = [];
  /** When its work in flight is killed, in seconds; undefined while it is not stopped. */
  private deadline: number | undefined;

  /**
   * @param startedAt when it was asked for, in seconds
   * @param readyAt when it takes requests, in seconds
   * @param gpus number of GPUs; each job runs on one
   */
  constructor(
    readonly startedAt: number,
    readonly readyAt: number,
    gpus: number,
  ) {
    this.workers = Array.from({ length: gpus }, () => new GpuWorker());
  }

  /** Number of requests that it works on. */
  get inFlight(): number {
    return this.io.length + this.workers.reduce((sum, worker) => sum + worker.count, 0);
  }

  get stopping(): boolean {
    return this.deadline !== undefined;
  }

  /** Whether it takes requests. */
  serving(now: number): boolean {
    return now >= this.readyAt && !this.stopping;
  }

  /** Whether a GPU computes. */
  get computing(): boolean {
    return this.workers.some(({ count }) => count > 0);
  }

  take(job: SimulatedJob, now: number): void {
    this.io.push({ job, until: now + job.ioSeconds });
  }

  /** SIGTERM: it takes no more requests, and may finish those in flight until the deadline. */
  stop(deadline: number): void {
    this.deadline = deadline;
  }

  /** Time of the next change inside, in seconds. */
  next(): number {
    const times = [...this.io.map(({ until }) => until), ...this.workers.map((worker) => worker.next())];
    return Math.min(...times, this.deadline ?? Infinity);
  }

  /**
   * Moves to a time that is not after {@link next}.
   *
   * @returns the jobs that are finished, and those that the end of the instance killed
   */
  advance(now: number): { readonly finished: SimulatedJob[]; readonly killed: SimulatedJob[] } {
    const finished = this.workers.flatMap((worker) => worker.advance(now));
    for (let index = this.io.length - 1; index >= 0; index -= 1) {
      const work = this.io[index];
      if (work === undefined || work.until > now) continue;
      this.io.splice(index, 1);
      this.leastLoaded().add(work.job, now);
    }
    if (this.deadline === undefined || now < this.deadline) return { finished, killed: [] };
    const killed = [...this.io.splice(0).map(({ job }) => job), ...this.workers.flatMap((worker) => worker.clear())];
    return { finished, killed };
  }

  /** Whether it is stopped and has no work left. */
  ended(now: number): boolean {
    return this.deadline !== undefined && (now >= this.deadline || this.inFlight === 0);
  }

  private leastLoaded(): GpuWorker {
    const [first = new GpuWorker(), ...others] = this.workers;
    return others.reduce((best, worker) => (worker.count < best.count ? worker : best), first);
  }
}
