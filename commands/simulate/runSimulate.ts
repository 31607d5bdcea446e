import { writeFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../command.js";
import { ASSUMPTIONS, type Assumptions } from "./assumptions.js";
import { comparedModels, endpointModel, type Comparison } from "./comparePolicies.js";
import { compareRuns } from "./compareRuns.js";
import { csvTrace } from "./csvTrace.js";
import { simulationPicture } from "./picture.js";
import { plannedResources, type PlannedStackOptions } from "./plannedScaling.js";
import { comparisonText, tuneText } from "./printSimulation.js";
import { builtInTraces, type ArrivalTrace } from "./traces.js";

/** What is simulated, and where it is written. */
export interface SimulateOptions {
  /** Without it: the defaults, but from minCapacity 0. */
  readonly stack?: string;
  /** Settings as key=value that win over the stack's. */
  readonly set: readonly string[];
  /** Name of a built-in trace, or a CSV file. Default: all built-in ones. */
  readonly trace?: string;
  readonly json?: string;
  readonly picture?: string;
  readonly tune?: boolean;
  /** Longest p95 wait in seconds, for tune. */
  readonly wait: number;
  /** Most US dollars for the trace, for tune. */
  readonly budget?: number;
  /** Quiet times before the way down that are compared too, in minutes. */
  readonly quiet: readonly number[];
  /** Runs of chance. */
  readonly runs: number;
  readonly seed: number;
  readonly start: number;
  readonly updates: Assumptions["updates"];
}

/**
 * Simulates the planned scaling beside other policies, or proposes settings, and prints the result.
 *
 * @returns the exit code
 */
export async function runSimulate(options: SimulateOptions): Promise<number> {
  const stack = stackOptions(options);
  const assumptions = {
    ...ASSUMPTIONS,
    seed: options.seed,
    startMedianSeconds: options.start,
    updates: options.updates,
  };
  refuseTogether(options);
  const traces = chosenTraces(options);
  if (options.tune === true) return proposeSettings(stack, traces, options, assumptions);
  const { resources } = await plannedResources(stack);
  const endpoint = endpointModel(resources);
  const models = comparedModels(resources, options.quiet);
  const comparisons = traces.map((trace, index) => {
    const traceOf = (seed: number): ArrivalTrace => chosenTraces({ ...options, seed })[index] ?? trace;
    return compareRuns(models, endpoint, traceOf, assumptions, options.runs);
  });
  const figures = comparisons.map((comparison) => comparison.figures);
  console.log(comparisonText(figures, endpoint, stack, options.runs));
  if (options.json !== undefined) {
    const document = { traces: figures, stack, endpoint, assumptions, runs: options.runs };
    writeFileSync(options.json, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  if (options.picture !== undefined) await writePicture(options.picture, comparisons);
  return 0;
}

/** @throws UsageError for options of which one would be ignored */
function refuseTogether({ tune, picture, runs, quiet }: SimulateOptions): void {
  const several = runs > 1 ? "--runs" : quiet.length > 0 ? "--quiet" : undefined;
  const one = tune === true ? "--tune" : picture !== undefined ? "--picture" : undefined;
  if (several !== undefined && one !== undefined) throw new UsageError(`${one} does not go with ${several}.`);
}

async function proposeSettings(
  stack: PlannedStackOptions,
  traces: readonly ArrivalTrace[],
  options: SimulateOptions,
  assumptions: Assumptions,
): Promise<number> {
  const [trace] = traces;
  if (trace === undefined || traces.length > 1) throw new UsageError("--tune needs one trace: add --trace.");
  const { tune } = await import("./tune.js");
  const goal = { waitSeconds: options.wait, budgetUsd: options.budget };
  const proposals = await tune(stack, trace, goal, assumptions);
  console.log(tuneText(proposals, trace, goal));
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ trace: trace.name, goal, proposals }, undefined, 2)}\n`);
  }
  return proposals[0]?.holds === true ? 0 : 1;
}

function stackOptions({ stack, set }: SimulateOptions): PlannedStackOptions {
  const overrides = Object.fromEntries(
    set.map((text) => {
      const [, key, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
      if (key === undefined || value === undefined) throw new UsageError(`'${text}' is not of the form key=value.`);
      return [key, value];
    }),
  );
  // From an instance that is always up, the plain policy never does anything.
  return {
    stack: stack ?? "default",
    overrides: { ...(stack === undefined ? { minCapacity: "0" } : {}), ...overrides },
  };
}

function chosenTraces({ trace, seed }: SimulateOptions): readonly ArrivalTrace[] {
  const traces = builtInTraces(seed);
  if (trace === undefined) return traces;
  const known = traces.filter(({ name }) => name === trace);
  if (known.length > 0) return known;
  if (!trace.endsWith(".csv")) {
    throw new UsageError(`'${trace}' is neither a CSV file nor one of ${traces.map(({ name }) => name).join(", ")}.`);
  }
  return [csvTrace(trace)];
}

async function writePicture(file: string, comparisons: readonly Comparison[]): Promise<void> {
  const svg = simulationPicture(comparisons);
  if (path.extname(file) !== ".png") {
    writeFileSync(file, svg);
    return;
  }
  const { pngOf } = await import("../../client/export/png.js");
  writeFileSync(file, await pngOf(svg));
}
