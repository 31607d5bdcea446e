import type { PlannedResource } from "../../local/program/runProgram.js";
import { percentile } from "../simulate/comparePolicies.js";
import { BILLED } from "./billing.js";
import { monthlyProteins, type Load } from "./load.js";
import type { PriceTable } from "./prices.js";
import { isFree } from "./freeTypes.js";
import type { CostLine, Usage } from "./usage.js";
import { versionUse, type InstanceChoice } from "./versionUse.js";

/** A line of the bill with its amount. */
export interface PricedLine extends CostLine {
  readonly usd: number;
}

/** What a stack costs in a month. */
export interface CostEstimate {
  /** US dollars; null if the price of the instance type is unknown. */
  readonly monthlyUsd: number | null;
  /** The largest first; null for a service with an unknown price. */
  readonly services: readonly { readonly name: string; readonly usd: number | null }[];
  readonly perProteinUsd: number | null;
  readonly per1000VariantsUsd: number | null;
  readonly lines: readonly PricedLine[];
  /** Types of the plan that the table of billed types does not know. */
  readonly unpriced: readonly string[];
  readonly usage: Usage;
  /** Wait that 95 % of the answers take at most, in seconds. */
  readonly p95_s: number;
}

/** Amino acids that can replace one. */
const SUBSTITUTIONS = 19;

/**
 * The bill of a planned stack for a load: instances from the simulator, requests from the arithmetic of the code, storage by
 * the lifecycle rules. Several model versions share the load as the functions of the plan choose them. Free tiers and volume
 * discounts are left out.
 *
 * @param months how long the stack has run: what is kept grows
 * @param choice instances and prices that are not those of the plan and the bundled ones
 */
export function estimateCost(
  resources: readonly PlannedResource[],
  load: Load,
  prices: PriceTable,
  months: number,
  choice: InstanceChoice = {},
): CostEstimate {
  const usage = usageOf(resources, load, months, choice);
  const context = { usage, resources };
  const custom = resources.filter((resource) => resource.custom);
  const lines = custom.flatMap((resource) =>
    (BILLED[resource.type]?.(resource, context) ?? []).map((line) => ({
      ...line,
      usd: line.quantity * (typeof line.price === "number" ? line.price : prices[line.price]),
    })),
  );
  const sum = (some: readonly PricedLine[]): number | null => {
    const total = some.reduce((usd, line) => usd + line.usd, 0);
    return Number.isNaN(total) ? null : total;
  };
  const names = [...new Set(lines.map(({ service }) => service))];
  const services = names
    .map((name) => ({ name, usd: sum(lines.filter(({ service }) => service === name)) }))
    .sort((a, b) => (b.usd ?? Infinity) - (a.usd ?? Infinity));
  const monthlyUsd = sum(lines);
  const perProtein = monthlyUsd === null || usage.proteins === 0 ? null : monthlyUsd / usage.proteins;
  return {
    monthlyUsd,
    services,
    perProteinUsd: perProtein,
    per1000VariantsUsd: perProtein === null ? null : (perProtein * 1_000) / (SUBSTITUTIONS * load.length),
    lines: lines.filter(({ quantity }) => quantity > 0),
    unpriced: [...new Set(custom.map(({ type }) => type).filter((type) => !BILLED[type] && !isFree(type)))],
    usage,
    p95_s: p95(usage),
  };
}

function usageOf(resources: readonly PlannedResource[], load: Load, months: number, choice: InstanceChoice): Usage {
  const versions = versionUse(resources, load, choice);
  const sum = (of: "jobs" | "hours" | "meanQueue"): number =>
    versions.reduce((total, version) => total + version[of], 0);
  return {
    load,
    proteins: monthlyProteins(load),
    jobs: sum("jobs"),
    versions,
    instanceHours: sum("hours"),
    // A submission reads the jobs of all versions in one list.
    meanQueue: sum("meanQueue"),
    months,
  };
}

function p95({ versions }: Usage): number {
  const waits = versions.flatMap((version) => (version.answers ? version.waits : [])).sort((a, b) => a - b);
  return Math.round(percentile(waits, 0.95) * 10) / 10;
}
