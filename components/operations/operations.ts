import type { AlarmTopicArgs } from "./alarmTopic.js";
import { CostGuard, type CostGuardArgs } from "./costGuard.js";
import { Observability } from "./observability.js";

/**
 * Creates the topic of the alarms, and with `watch` on the result, when all that is watched is known, the alarms and the
 * dashboard.
 */
export function operationsOf(args: AlarmTopicArgs): Observability {
  return new Observability(args.prefix, args);
}

/** Creates the budget of a month and its brake; nothing without `monthlyBudgetUsd`. */
export function costGuardOf(args: CostGuardArgs): void {
  if (args.monthlyBudgetUsd > 0) new CostGuard(`${args.prefix}-brake`, args);
}
