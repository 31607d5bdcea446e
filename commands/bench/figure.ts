/** One measured figure: a ratio or a count. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The goal, such as `<= 2`; null where the figure has none. */
  readonly goal: string | null;
  /** Whether the goal is met; null where there is none, or where it is for other hardware. */
  readonly holds: boolean | null;
}

/**
 * Compares a figure with its goal.
 *
 * @param goal such as `<= 2` or `>= 3`; null where the figure has none
 * @param applies false where the goal is for other hardware: it is printed, not compared
 * @throws RangeError where the goal has another form
 */
export function figure(name: string, value: number, unit: string, goal: string | null, applies = true): Figure {
  return { name, value, unit, goal, holds: goal === null || !applies ? null : meets(value, goal) };
}

function meets(value: number, goal: string): boolean {
  const match = /^(<=|>=) ([\d.]+)$/.exec(goal);
  if (!match) throw new RangeError(`'${goal}' is not a goal such as '<= 2'.`);
  return match[1] === "<=" ? value <= Number(match[2]) : value >= Number(match[2]);
}

/** The median of some values: the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
