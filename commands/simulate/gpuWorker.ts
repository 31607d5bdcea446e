import type { SimulatedJob } from "./simulatedJob.js";

/** Work that is less than this is done, in seconds: sums of floating-point numbers are not exact. */
const ROUNDING = 1e-6;

/** One GPU, whose jobs share it equally: the model server alternates their batches. */
export class GpuWorker {
  /** Seconds of computation that each job has had that is there from the start. */
  private virtual = 0;
  private at = 0;
  private jobs: { readonly job: SimulatedJob; readonly doneAt: number }[] = [];

  get count(): number {
    return this.jobs.length;
  }

  add(job: SimulatedJob, now: number): void {
    this.moveTo(now);
    this.jobs.push({ job, doneAt: this.virtual + job.gpuSeconds });
    this.jobs.sort((a, b) => a.doneAt - b.doneAt);
  }

  /** Time at which the next job is finished, in seconds. */
  next(): number {
    const [first] = this.jobs;
    if (first === undefined) return Infinity;
    return this.at + Math.max(first.doneAt - this.virtual, 0) * this.jobs.length;
  }

  /** @returns the jobs that are finished */
  advance(now: number): SimulatedJob[] {
    this.moveTo(now);
    const finished: SimulatedJob[] = [];
    for (let [first] = this.jobs; first && first.doneAt <= this.virtual + ROUNDING; [first] = this.jobs) {
      finished.push(first.job);
      this.jobs.shift();
    }
    return finished;
  }

  /** Ends all work. */
  clear(): SimulatedJob[] {
    return this.jobs.splice(0).map(({ job }) => job);
  }

  private moveTo(now: number): void {
    if (this.jobs.length > 0) this.virtual += (now - this.at) / this.jobs.length;
    this.at = now;
  }
}
