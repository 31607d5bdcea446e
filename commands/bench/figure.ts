/** One measured figure: a ratio or a count. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be, such as `<= 2`; null where it is only told. */
  readonly goal: string | null;
  /** Whether the goal holds; null where there is none, or where it is set for other hardware. */
  readonly holds: boolean | null;
}

/**
 * A figure held against its goal.
 *
 * @param goal such as `<= 2` or `>= 3`; null where the figure is only told
 * @param applies false where the goal is set for other hardware: it is shown and not judged
 * @throws RangeError where the goal cannot be read
 */
export function figure(name: string, value: number, unit: string, goal: string | null, applies = true): Figure {
  return { name, value, unit, goal, holds: goal === null || !applies ? null : meets(value, goal) };
}

function meets(value: number, goal: string): boolean {
  const match = /^(<=|>=) ([\d.]+)$/.exec(goal);
  if (!match) throw new RangeError(`'${goal}' is no goal such as '<= 2'.`);
  return match[1] === "<=" ? value <= Number(match[2]) : value >= Number(match[2]);
}

/** The middle of some values; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
