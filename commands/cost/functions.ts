import type { PlannedResource } from "../../local/program/runProgram.js";
import { MONTH_DAYS, MONTH_HOURS } from "./load.js";
import { CALL_SECONDS, RECORDER_CALLS, TOOL_CALLS } from "./jobRequests.js";
import type { BillingContext, CostLine, Usage } from "./usage.js";

const FUNCTION = "aws:lambda/function:Function";
const SWEEPS = MONTH_HOURS * 60;

/** Calls of a function in a month, and how many seconds all of them take: estimates until they are measured in AWS. */
interface Calls {
  readonly calls: number;
  readonly seconds: number;
}

/** Functions by the part of their logical name before `-function`. The others do nothing while nobody uses them. */
const CALLS: Readonly<Record<string, (usage: Usage) => Calls>> = {
  // The job of a version that shadows is submitted in the same call, after the one that answers.
  tools: ({ proteins, jobs }) => ({
    calls: proteins * TOOL_CALLS,
    seconds: (proteins * TOOL_CALLS + jobs - proteins) * CALL_SECONDS,
  }),
  recorder: ({ jobs }) => each(jobs * RECORDER_CALLS, CALL_SECONDS),
  sweeper: () => each(SWEEPS, 0.3),
  results: ({ jobs }) => each(jobs, CALL_SECONDS),
  merge: () => each(MONTH_DAYS, 30),
};

function each(calls: number, seconds: number): Calls {
  return { calls, seconds: calls * seconds };
}

/** The calls of a planned function. */
export function callsOf({ name }: PlannedResource, usage: Usage): Calls {
  const part = /([a-z]+)-function$/.exec(name)?.[1] ?? "";
  return CALLS[part]?.(usage) ?? { calls: 0, seconds: 0 };
}

/** The bill of a planned function: requests, memory and traces. */
export function functionLines(resource: PlannedResource, { usage }: BillingContext): CostLine[] {
  const { calls, seconds } = callsOf(resource, usage);
  const { memorySize, tracingConfig, name } = resource.inputs;
  const gigabytes = (typeof memorySize === "number" ? memorySize : 128) / 1_024;
  const traced = (tracingConfig as { readonly mode?: unknown } | undefined)?.mode === "Active";
  const label = typeof name === "string" ? name : resource.name;
  return [
    { service: "Lambda", what: `requests, ${label}`, quantity: calls, price: "lambdaRequest" },
    { service: "Lambda", what: `time, ${label}`, quantity: seconds * gigabytes, price: "lambdaSecond" },
    // X-Ray records the first request of each second, which at these rates is nearly all of them.
    ...(traced ? [{ service: "X-Ray", what: `traces, ${label}`, quantity: calls, price: "trace" } as const] : []),
  ];
}

/** Calls of the function that writes to a log group; undefined if no function does. */
export function callsByLogGroup(group: string, { resources, usage }: BillingContext): number | undefined {
  const found = resources.find(
    ({ type, inputs }) => type === FUNCTION && group === `/aws/lambda/${String(inputs["name"])}`,
  );
  return found && callsOf(found, usage).calls;
}
