import { gpuInstance } from "../../components/shared/gpuInstances.js";
import { hourlyUsd } from "../../components/shared/hourlyPrices.js";
import type { PlannedResource } from "../../local/program/runProgram.js";
import type { Assumptions } from "./assumptions.js";
import { fixedFleet, plainScaling } from "./otherPolicies.js";
import { endpointConfigurations, ofBase, plannedEndpoint, plannedScaling } from "./plannedScaling.js";
import { withQuietTime } from "./quietTime.js";
import type { EndpointModel, ScalingModel } from "./scalingModel.js";
import { simulateEndpoint, type SimulationResult } from "./simulateEndpoint.js";
import { traceOn, type ArrivalTrace } from "./traces.js";

/** What a policy did on a trace. */
export interface PolicyFigures {
  readonly name: string;
  /** Seconds from the submission to the result that half of the jobs waited at most. */
  readonly p50_s: number;
  readonly p95_s: number;
  readonly p99_s: number;
  /** Hours of GPUs that were paid, starts included. */
  readonly gpu_hours: number;
  /** Price of these hours; null if the price of the instance type is unknown. */
  readonly usd: number | null;
  /** Jobs in flight that were killed. */
  readonly killed: number;
  /** Jobs that were given up. */
  readonly lost: number;
}

/** What the policies did on a trace. */
export interface TraceFigures {
  readonly name: string;
  readonly jobs: number;
  readonly policies: readonly PolicyFigures[];
}

/** A comparison on one trace, with what a picture of it needs. */
export interface Comparison {
  readonly trace: ArrivalTrace;
  readonly figures: TraceFigures;
  readonly results: ReadonlyMap<string, SimulationResult>;
}

/**
 * An endpoint of a plan.
 *
 * @param config its endpoint configuration
 */
export function endpointModel(
  resources: readonly PlannedResource[],
  config = ofBase(endpointConfigurations(resources)),
): EndpointModel {
  const { instanceType, concurrency } = plannedEndpoint(config);
  const gpus = gpuInstance(instanceType)?.gpus ?? 1;
  return { instanceType, gpus, concurrency, usdPerHour: hourlyUsd(instanceType) };
}

/**
 * The planned policies, the plain one, and a fixed fleet of the maximum.
 *
 * @param quietMinutes quiet times with which the planned policies are compared too
 */
export function comparedModels(
  resources: readonly PlannedResource[],
  quietMinutes: readonly number[] = [],
): readonly ScalingModel[] {
  const planned = plannedScaling(resources);
  const others = quietMinutes.map((minutes) => withQuietTime(planned, minutes));
  return [planned, ...others, plainScaling(planned.maxCapacity), fixedFleet(planned.maxCapacity)];
}

/** Compares scaling models on one trace. */
export function comparePolicies(
  models: readonly ScalingModel[],
  endpoint: EndpointModel,
  trace: ArrivalTrace,
  assumptions: Assumptions,
): Comparison {
  const jobs = traceOn(trace, gpuInstance(endpoint.instanceType)?.gpu ?? "");
  const results = new Map(models.map((model) => [model.name, simulateEndpoint(model, endpoint, jobs, assumptions)]));
  const policies = [...results].map(([name, result]) => figuresOf(name, result, endpoint));
  return { trace, figures: { name: trace.name, jobs: trace.arrivals.length, policies }, results };
}

/** The figures of one simulation. */
export function figuresOf(
  name: string,
  result: Pick<SimulationResult, "waits" | "instanceSeconds" | "killed" | "lost">,
  endpoint: EndpointModel,
): PolicyFigures {
  const waits = [...result.waits].sort((a, b) => a - b);
  const hours = result.instanceSeconds / 3_600;
  return {
    name,
    p50_s: tenths(percentile(waits, 0.5)),
    p95_s: tenths(percentile(waits, 0.95)),
    p99_s: tenths(percentile(waits, 0.99)),
    gpu_hours: Math.round(hours * endpoint.gpus * 1_000) / 1_000,
    usd: endpoint.usdPerHour === undefined ? null : Math.round(hours * endpoint.usdPerHour * 100) / 100,
    killed: result.killed,
    lost: result.lost,
  };
}

/** Whether a policy killed nothing, and is better than another in the p95 wait or in GPU hours, and in neither worse. */
export function dominates(policy: PolicyFigures, other: PolicyFigures): boolean {
  const [shorter, longer] = [policy.p95_s < other.p95_s, policy.p95_s > other.p95_s];
  const [cheaper, dearer] = [policy.gpu_hours < other.gpu_hours, policy.gpu_hours > other.gpu_hours];
  return policy.killed === 0 && policy.lost === 0 && !longer && !dearer && (shorter || cheaper);
}

/** The smallest value that is at least as large as a share of all; 0 where there is none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.max(Math.ceil(share * sorted.length) - 1, 0), sorted.length - 1)] ?? 0;
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
