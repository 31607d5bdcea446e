import type { Assumptions } from "./assumptions.js";
import { comparePolicies, figuresOf, type Comparison } from "./comparePolicies.js";
import type { EndpointModel, ScalingModel } from "./scalingModel.js";
import type { SimulationResult } from "./simulateEndpoint.js";
import type { ArrivalTrace } from "./traces.js";

/** What figures are made of. */
type Totals = Pick<SimulationResult, "waits" | "instanceSeconds" | "killed" | "lost">;

/**
 * Compares scaling models on several runs of chance of one trace. Waits are those of the jobs of all runs, killed and lost
 * jobs their sum; hours and dollars are those of one run, on average. Trace and results are those of the first run.
 *
 * @param traceOf the trace with a seed
 * @param runs number of runs, each with the next seed
 */
export function compareRuns(
  models: readonly ScalingModel[],
  endpoint: EndpointModel,
  traceOf: (seed: number) => ArrivalTrace,
  assumptions: Assumptions,
  runs: number,
): Comparison {
  const compare = (run: number): Comparison => {
    const seed = assumptions.seed + run;
    return comparePolicies(models, endpoint, traceOf(seed), { ...assumptions, seed });
  };
  const first = compare(0);
  if (runs === 1) return first;
  let { jobs } = first.figures;
  // Of the other runs only the totals are kept: the states of each minute would fill the memory.
  const totals = new Map(models.map(({ name }) => [name, totalsOf(first, name)]));
  for (let run = 1; run < runs; run += 1) {
    const other = compare(run);
    jobs += other.figures.jobs;
    for (const { name } of models) totals.set(name, [...(totals.get(name) ?? []), ...totalsOf(other, name)]);
  }
  const policies = [...totals].map(([name, all]) => figuresOf(name, merged(all), endpoint));
  return { ...first, figures: { name: first.trace.name, jobs, policies } };
}

function totalsOf({ results }: Comparison, name: string): readonly Totals[] {
  const result = results.get(name);
  if (result === undefined) return [];
  const { waits, instanceSeconds, killed, lost } = result;
  return [{ waits, instanceSeconds, killed, lost }];
}

/** Waits of all, sums of what was killed and lost, and the mean time of instances. */
function merged(all: readonly Totals[]): Totals {
  const sum = (of: "instanceSeconds" | "killed" | "lost"): number => all.reduce((total, one) => total + one[of], 0);
  return {
    waits: all.flatMap(({ waits }) => waits),
    instanceSeconds: sum("instanceSeconds") / all.length,
    killed: sum("killed"),
    lost: sum("lost"),
  };
}
