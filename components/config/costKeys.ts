import { integer, type Key } from "./schemas.js";

/** The keys of the cost guard. */
export const COST_KEYS = {
  monthlyBudgetUsd: integer(0, 10_000_000, 0),
  brakeCapacity: integer(0, 20, 0),
} as const satisfies Readonly<Record<string, Key>>;
