import { generator } from "../../client/random.js";
import type { Assumptions } from "./assumptions.js";
import { Instance } from "./instance.js";
import { normalDeviate } from "./normalDeviate.js";
import type { EndpointModel } from "./scalingModel.js";
import type { SimulatedJob } from "./simulatedJob.js";

/** The instances behind an endpoint. */
export class Fleet {
  private instances: Instance[] = [];
  private paid = 0;
  /** Number of instances that were started in an hour. */
  private readonly startedIn = new Map<number, number>();

  constructor(
    private readonly endpoint: EndpointModel,
    private readonly assumptions: Assumptions,
  ) {}

  /** Number of requests that instances work on. */
  get inFlight(): number {
    return this.instances.reduce((sum, instance) => sum + instance.inFlight, 0);
  }

  /** Whether a GPU computes. */
  get computing(): boolean {
    return this.instances.some((instance) => instance.computing);
  }

  /** Instances that are paid, and those that take requests. */
  counts(now: number): { readonly instances: number; readonly serving: number } {
    return {
      instances: this.instances.length,
      serving: this.instances.filter((instance) => instance.serving(now)).length,
    };
  }

  /** Whether an instance is about to start. */
  starting(now: number): boolean {
    return this.instances.some((instance) => !instance.stopping && now < instance.readyAt);
  }

  /**
   * Starts or stops instances. Which ones SageMaker stops is not documented: here those that do the least harm, which
   * favours a policy that stops busy ones.
   *
   * @param ready whether new instances are up at once
   */
  resize(desired: number, now: number, ready: boolean): void {
    const active = this.instances.filter((instance) => !instance.stopping);
    for (let index = active.length; index < desired; index += 1) {
      this.instances.push(new Instance(now, ready ? now : now + this.startSeconds(now), this.endpoint.gpus));
    }
    const harm = (instance: Instance): number => (instance.serving(now) ? instance.inFlight : -1);
    const leastHarm = [...active].sort((a, b) => harm(a) - harm(b) || b.readyAt - a.readyAt);
    for (const instance of leastHarm.slice(0, Math.max(active.length - desired, 0))) {
      instance.stop(instance.inFlight === 0 ? now : now + this.assumptions.graceSeconds);
    }
    this.removeEnded(now);
  }

  /** Time of the next change, in seconds. */
  next(now: number): number {
    return Math.min(
      ...this.instances.map((instance) =>
        Math.min(instance.next(), instance.readyAt > now ? instance.readyAt : Infinity),
      ),
      Infinity,
    );
  }

  advance(now: number): { readonly finished: SimulatedJob[]; readonly killed: SimulatedJob[] } {
    const changes = this.instances
      .filter((instance) => instance.next() <= now)
      .map((instance) => instance.advance(now));
    if (changes.length > 0) this.removeEnded(now);
    return {
      finished: changes.flatMap(({ finished }) => finished),
      killed: changes.flatMap(({ killed }) => killed),
    };
  }

  /** Gives requests of the queue to instances with free slots. */
  work(queue: SimulatedJob[], now: number): void {
    while (queue.length > 0) {
      const free = this.instances.filter(
        (instance) => instance.serving(now) && instance.inFlight < this.endpoint.concurrency,
      );
      const [first, ...others] = free;
      const job = first && queue.shift();
      if (!first || !job) return;
      others.reduce((best, other) => (other.inFlight < best.inFlight ? other : best), first).take(job, now);
    }
  }

  /** Seconds that instances were paid until now. */
  paidSeconds(now: number): number {
    return this.instances.reduce((sum, { startedAt }) => sum + now - startedAt, this.paid);
  }

  private removeEnded(now: number): void {
    for (const instance of this.instances) if (instance.ended(now)) this.paid += now - instance.startedAt;
    this.instances = this.instances.filter((instance) => !instance.ended(now));
  }

  /** The same for all policies: it depends on the hour, and on how many instances were started in it before. */
  private startSeconds(now: number): number {
    const { startMedianSeconds, startSpread, seed } = this.assumptions;
    const hour = Math.floor(now / 3_600);
    const before = this.startedIn.get(hour) ?? 0;
    this.startedIn.set(hour, before + 1);
    const random = generator(1 + ((seed * 7_919 + hour * 104_729 + before * 1_299_709) % 2_147_483_646));
    random();
    return startMedianSeconds * Math.exp(startSpread * normalDeviate(random));
  }
}
