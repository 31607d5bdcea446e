/** Names of the cost guard, fixed in advance: its log group, alarms and policies are created before it. */
export interface BrakeNames {
  /** The budget of AWS Budgets. */
  readonly budget: string;
  /** The function that pulls and releases the brake. */
  readonly function: string;
  /** The queue of the messages of the budget, and of those that the function could not take. */
  readonly queue: string;
  readonly deadLetters: string;
}

/** @param prefix first part of all names of the stack */
export function brakeNames(prefix: string): BrakeNames {
  const name = `${prefix}-brake`;
  return { budget: `${prefix}-budget`, function: name, queue: `${name}-messages`, deadLetters: `${name}-dead-letters` };
}
