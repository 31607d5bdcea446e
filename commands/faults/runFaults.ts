import { SkippingClock } from "../../local/twin/skippingClock.js";
import { startTwin } from "../../local/twin/start.js";
import { FaultPlan } from "./faultPlan.js";
import type { FaultRun, FaultRunOptions } from "./faultRun.js";
import { IndependentRecord } from "./independentRecord.js";
import { Injector } from "./injector.js";
import { JobRun } from "./jobRun.js";

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
