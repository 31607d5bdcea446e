import { NO_PROTEIN_COMPLETED } from "../../contract/scan.js";

/** Errors that another try does not change. */
export const FINAL = ["InputError", NO_PROTEIN_COMPLETED];

/** Retries of a task, except after some errors: throttles and faults of AWS pass. */
export const retryExcept = (final: readonly string[]): object[] => [
  { ErrorEquals: final, MaxAttempts: 0 },
  { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 },
];
