import { gpuInstance } from "../../components/shared/gpuInstances.js";
import { plannedResources, type PlannedStackOptions } from "../simulate/plannedScaling.js";
import { estimateCost } from "./estimateCost.js";
import type { Load } from "./load.js";
import type { PriceTable } from "./prices.js";
import type { InstanceChoice } from "./versionUse.js";

/** Types that are compared: the smallest of each family with one GPU whose price is known. */
export const COMPARED = [
  "ml.g4dn.xlarge",
  "ml.g5.xlarge",
  "ml.g6.xlarge",
  "ml.g6.2xlarge",
  "ml.g6e.xlarge",
  "ml.g7e.2xlarge",
];

/** What a stack would cost with another instance type of `base`, from zero or with one instance always up. */
export interface Alternative {
  readonly instanceType: string;
  readonly gpu: string;
  readonly minCapacity: number;
  readonly monthlyUsd: number | null;
  readonly perProteinUsd: number | null;
  /** Wait that 95 % of the jobs have at most, in seconds. */
  readonly p95_s: number;
}

/**
 * Compares instance types, each with scale-to-zero and with one instance always up.
 *
 * @param own the type of the stack, which is compared too
 * @param usdPerHour price of an hour of a type
 */
export async function compareInstances(
  stack: PlannedStackOptions,
  load: Load,
  prices: PriceTable,
  months: number,
  own: string,
  usdPerHour: NonNullable<InstanceChoice["usdPerHour"]>,
): Promise<readonly Alternative[]> {
  const types = [...new Set([own, ...COMPARED])];
  const alternatives: Alternative[] = [];
  for (const minCapacity of [0, 1]) {
    const overrides = { ...stack.overrides, minCapacity: String(minCapacity) };
    const { resources } = await plannedResources({ ...stack, overrides });
    for (const instanceType of types) {
      const choice = { instanceType, usdPerHour };
      const { monthlyUsd, perProteinUsd, p95_s } = estimateCost(resources, load, prices, months, choice);
      const gpu = gpuInstance(instanceType)?.gpu ?? "";
      alternatives.push({ instanceType, gpu, minCapacity, monthlyUsd, perProteinUsd, p95_s });
    }
  }
  return alternatives.sort((a, b) => (a.monthlyUsd ?? Infinity) - (b.monthlyUsd ?? Infinity));
}
