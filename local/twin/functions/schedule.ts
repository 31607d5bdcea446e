import type { Clock } from "../clock.js";

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * The interval of a schedule expression, in ms.
 *
 * @throws RangeError for an expression other than `rate(value unit)`
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function intervalOf(expression: string): number {
  const [, value = "", unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const ms = Number(value) * (UNIT_MS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new RangeError(`The twin runs schedules such as rate(1 minute), not '${expression}'.`);
}

/**
 * Calls an action at each interval; the first call is after one.
 *
 * @returns a function that ends it
 */
export function repeat(clock: Clock, intervalMs: number, action: () => void): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.after(intervalMs, () => {
      next();
      action();
    });
  };
  next();
  return () => {
    cancel();
  };
}
