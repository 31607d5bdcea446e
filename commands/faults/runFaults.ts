import { SkippingClock } from "../../local/twin/skippingClock.js";
import { startTwin } from "../../local/twin/start.js";
import { FaultPlan } from "./faultPlan.js";
import { IndependentRecord, type Counts } from "./independentRecord.js";
import { Injector } from "./injector.js";
import { JobRun } from "./jobRun.js";

export interface FaultRunOptions {
  /** Number of jobs. */
  readonly jobs: number;
  readonly seed: number;
  /** Folder of a checkpoint; only its description is used. */
  readonly modelDir: string;
  /** Called with one sentence for each part of the run. */
  readonly onProgress?: (message: string) => void;
}

export interface FaultRun {
  readonly counts: Counts;
  /** Jobs that were scored twice within the stated window. */
  readonly repeatedWithinWindow: number;
  /** Messages about unknown jobs that were sent, and messages in the dead-letter queue. */
  readonly unknown: { readonly sent: number; readonly deadLetters: number };
  /** Errors of the tools that no fault explains, by code. */
  readonly unexplained: ReadonlyMap<string, number>;
  /** Number of injected faults by kind. */
  readonly injected: ReadonlyMap<string, number>;
}

/** Sends jobs through the twin while faults are injected, and finds out what became of each. */
export async function runFaults(options: FaultRunOptions): Promise<FaultRun> {
  const plan = new FaultPlan(options.seed);
  const record = new IndependentRecord();
  const clock = new SkippingClock();
  const injector = new Injector(plan, record);
  const { launch, request, handled, invocation, invoked, store } = injector;
  const twin = await startTwin({
    modelDir: options.modelDir,
    config: { minCapacity: "0" },
    clock,
    launch,
    faults: { request, handled, invocation, invoked, store },
  });
  try {
    const run = new JobRun(options, { twin, clock, plan, record, injector });
    const unknown = await run.all();
    return {
      counts: record.counts(),
      repeatedWithinWindow: record.repeated().filter(({ beyond }) => !beyond).length,
      unknown,
      unexplained: run.tools.unexplained,
      injected: plan.injected,
    };
  } finally {
    await twin.stop();
  }
}
