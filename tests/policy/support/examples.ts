import { planStack, type PlannedStack } from "../../../local/preflight/plannedStack.js";
import { DEFAULT_REGION, stackConfig } from "../../../local/program/stackConfig.js";

/** Stacks that the project shows: its defaults, and those with a file of their own. */
export const EXAMPLE_STACKS = ["default", "dev", "prod"] as const;
export type ExampleStack = (typeof EXAMPLE_STACKS)[number];

const plans = new Map<ExampleStack, Promise<PlannedStack>>();

/** An example stack as it is planned; planned once a run, as nothing changes it. */
export function planned(stack: ExampleStack): Promise<PlannedStack> {
  const plan = plans.get(stack) ?? planStack(stack, stackConfig({ stack }), DEFAULT_REGION);
  plans.set(stack, plan);
  return plan;
}
