import type { Assumptions } from "./assumptions.js";
import { endpointModel, figuresOf, type PolicyFigures } from "./comparePolicies.js";
import { gpuInstance } from "../../components/shared/gpuInstances.js";
import { plannedResources, plannedScaling, type PlannedStackOptions } from "./plannedScaling.js";
import { simulateEndpoint } from "./simulateEndpoint.js";
import { traceOn, type ArrivalTrace } from "./traces.js";

/** What a proposal must keep. */
export interface TuneGoal {
  /** Longest p95 wait, in seconds. */
  readonly waitSeconds: number;
  /** Most US dollars for the trace. Default: no limit. */
  readonly budgetUsd: number | undefined;
}

/** Settings that were tried, and what they did. */
export interface Proposal {
  readonly settings: Readonly<Record<"minCapacity" | "maxCapacity" | "backlogPerInstance", string>>;
  readonly figures: PolicyFigures;
}

/** A proposal, and whether it meets the goal: waits, budget, and nothing killed. */
export interface JudgedProposal extends Proposal {
  readonly holds: boolean;
}

const MIN_CAPACITIES = [0, 1];
const MAX_CAPACITIES = [1, 2, 4, 8, 16];
const BACKLOGS = [5, 15, 50, 150];

/** Tries capacities and backlogs per instance, each as a plan of the program. */
export async function tune(
  stack: PlannedStackOptions,
  trace: ArrivalTrace,
  goal: TuneGoal,
  assumptions: Assumptions,
): Promise<readonly JudgedProposal[]> {
  const proposals: Proposal[] = [];
  for (const settings of candidates()) {
    const { resources } = await plannedResources({ ...stack, overrides: { ...stack.overrides, ...settings } });
    const endpoint = endpointModel(resources);
    const jobs = traceOn(trace, gpuInstance(endpoint.instanceType)?.gpu ?? "");
    const result = simulateEndpoint(plannedScaling(resources), endpoint, jobs, assumptions);
    proposals.push({ settings, figures: figuresOf("planned", result, endpoint) });
  }
  return ordered(proposals, goal);
}

/** The cheapest that meets the goal comes first; without one, the shortest wait within the budget. */
export function ordered(proposals: readonly Proposal[], goal: TuneGoal): readonly JudgedProposal[] {
  return proposals
    .map((proposal) => ({ ...proposal, holds: holds(proposal.figures, goal) }))
    .sort(
      (a, b) =>
        Number(b.holds) - Number(a.holds) ||
        Number(affordable(b.figures, goal)) - Number(affordable(a.figures, goal)) ||
        (a.holds ? a.figures.gpu_hours - b.figures.gpu_hours : 0) ||
        a.figures.p95_s - b.figures.p95_s ||
        // Of two that do the same, the one that can start fewer instances.
        Number(a.settings.maxCapacity) - Number(b.settings.maxCapacity),
    );
}

function candidates(): Proposal["settings"][] {
  return MIN_CAPACITIES.flatMap((min) =>
    MAX_CAPACITIES.filter((max) => max >= Math.max(min, 1)).flatMap((max) =>
      // Without room to grow, the backlog per instance has no effect.
      (max > Math.max(min, 1) ? BACKLOGS : [5]).map((backlog) => ({
        minCapacity: String(min),
        maxCapacity: String(max),
        backlogPerInstance: String(backlog),
      })),
    ),
  );
}

function holds(figures: PolicyFigures, goal: TuneGoal): boolean {
  return figures.p95_s <= goal.waitSeconds && figures.killed === 0 && figures.lost === 0 && affordable(figures, goal);
}

function affordable({ usd }: PolicyFigures, { budgetUsd }: TuneGoal): boolean {
  return budgetUsd === undefined || (usd !== null && usd <= budgetUsd);
}
