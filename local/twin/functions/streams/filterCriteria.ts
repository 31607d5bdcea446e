/** The comparisons of a rule such as `{ "prefix": "a" }`. */
const RULES: Readonly<Record<string, (operand: unknown, value: unknown) => boolean>> = {
  exists: (operand, value) => (value !== undefined) === operand,
  prefix: (operand, value) => typeof value === "string" && value.startsWith(String(operand)),
  suffix: (operand, value) => typeof value === "string" && value.endsWith(String(operand)),
  "anything-but": (operand, value) => value !== undefined && ![operand].flat().includes(value),
  numeric: (operand, value) => typeof value === "number" && inRange(operand as unknown[], value),
};

/** The comparisons of numbers. */
const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** Whether a filter lets a record through. */
export type Filter = (record: unknown) => boolean;

/**
 * The filter of an event source: lets through what one of the patterns matches, and everything if there is none.
 *
 * @param patterns JSON texts
 * @throws RangeError for a rule that the twin does not know
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export function filterOf(patterns: readonly string[]): Filter {
  const filters = patterns.map((pattern) => compiled(JSON.parse(pattern)));
  return (record) => filters.length === 0 || filters.some((matches) => matches(record));
}

/** A list has the values that match; an object has a pattern for each of its properties, and all must match. */
function compiled(pattern: unknown): Filter {
  if (Array.isArray(pattern)) {
    const rules = pattern.map(ruleOf);
    return (value) => [value].flat().some((one) => rules.some((matches) => matches(one)));
  }
  if (typeof pattern !== "object" || pattern === null) {
    throw new RangeError(`A filter has ${JSON.stringify(pattern)} where a list or an object must be.`);
  }
  const parts = Object.entries(pattern).map(([key, part]) => [key, compiled(part)] as const);
  return (value) => parts.every(([key, matches]) => matches(propertyOf(value, key)));
}

function ruleOf(rule: unknown): Filter {
  if (typeof rule !== "object" || rule === null) return (value) => value === rule;
  const rules = Object.entries(rule).map(([name, operand]) => {
    const matches = RULES[name];
    if (!matches) throw new RangeError(`The twin does not know the rule '${name}' of a filter.`);
    return (value: unknown) => matches(operand, value);
  });
  return (value) => rules.every((matches) => matches(value));
}

function inRange(bounds: readonly unknown[], value: number): boolean {
  for (let index = 0; index < bounds.length; index += 2) {
    if (COMPARISONS[String(bounds[index])]?.(value, Number(bounds[index + 1])) !== true) return false;
  }
  return true;
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
