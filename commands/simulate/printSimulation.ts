import { alignedTable } from "./alignedTable.js";
import { dominates, type PolicyFigures, type TraceFigures } from "./comparePolicies.js";
import type { PlannedStackOptions } from "./plannedScaling.js";
import type { EndpointModel } from "./scalingModel.js";
import type { JudgedProposal, TuneGoal } from "./tune.js";
import type { ArrivalTrace } from "./traces.js";

const HEADER = ["trace", "policy", "p50", "p95", "p99", "GPU hours", "USD", "killed", "lost"];

/** Most proposals that are shown. */
const SHOWN = 8;

/**
 * The comparison as a table, and on which traces the planned policies are better.
 *
 * @param runs runs of chance that the figures are from
 */
export function comparisonText(
  traces: readonly TraceFigures[],
  { instanceType, usdPerHour }: EndpointModel,
  { stack, overrides }: PlannedStackOptions,
  runs: number,
): string {
  const set = Object.entries(overrides).map(([key, value]) => `${key}=${value}`);
  const price = usdPerHour === undefined ? "its price is unknown" : `${usdPerHour} USD an hour`;
  const rows = traces.flatMap(({ name, policies }) =>
    policies.map((policy, index) => [index === 0 ? name : "", ...cells(policy)]),
  );
  const several = traces.map(({ name, jobs }) => `${jobs.toLocaleString("en-US")} jobs of ${name}`).join(", ");
  return [
    `Stack ${[stack, ...set].join(", ")}; ${instanceType}, ${price}. A wait is from submission to result.`,
    "",
    alignedTable(HEADER, rows),
    "",
    ...(runs > 1 ? [`${runs} runs, ${several}: hours and USD are those of one run, killed and lost of all.`] : []),
    ...traces.map((trace) => verdict(trace)),
  ].join("\n");
}

function cells({ name, p50_s, p95_s, p99_s, gpu_hours, usd, killed, lost }: PolicyFigures): string[] {
  const money = usd === null ? "unknown" : usd.toFixed(2);
  return [name, ...[p50_s, p95_s, p99_s].map(duration), gpu_hours.toFixed(2), money, String(killed), String(lost)];
}

function verdict({ name: trace, policies }: TraceFigures): string {
  const [planned, plain] = ["planned", "plain"].map((name) => policies.find((policy) => policy.name === name));
  if (!planned || !plain) return `${trace}: not compared`;
  const killed = planned.killed + planned.lost;
  if (killed > 0) return `${trace}: GOAL MISSED, the planned policies killed or lost ${killed} jobs`;
  if (dominates(planned, plain)) return `${trace}: nothing killed; better than the plain policy, and in nothing worse`;
  return `${trace}: GOAL MISSED, the planned policies are not better than the plain one without being worse`;
}

/** The proposals as a table, and the commands that set the first. */
export function tuneText(proposals: readonly JudgedProposal[], trace: ArrivalTrace, goal: TuneGoal): string {
  const [best] = proposals;
  const rows = proposals
    .slice(0, SHOWN)
    .map(({ settings, figures, holds }) => [
      settings.minCapacity,
      settings.maxCapacity,
      settings.backlogPerInstance,
      ...cells(figures).slice(1),
      holds ? "yes" : "no",
    ]);
  const budget = goal.budgetUsd === undefined ? "" : `, at most ${goal.budgetUsd} USD`;
  const text = [
    `${trace.name}: ${trace.description}. Goal: p95 of at most ${duration(goal.waitSeconds)}${budget}, nothing killed.`,
    "",
    alignedTable(["minCapacity", "maxCapacity", "backlogPerInstance", ...HEADER.slice(2), "goal"], rows),
    "",
  ];
  if (!best?.holds) return [...text, "Nothing that was tried meets the goal."].join("\n");
  const commands = Object.entries(best.settings).map(([key, value]) => `  pulumi config set ${key} ${value}`);
  return [...text, "The cheapest that meets the goal:", ...commands].join("\n");
}

function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(0)} s`;
  return seconds < 6_000 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
