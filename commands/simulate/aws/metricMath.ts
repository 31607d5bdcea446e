/**
 * The part of CloudWatch's metric math that alarms and target tracking of this project use.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */

/** One value a period, oldest first; undefined where nothing was published. */
export type Series = readonly (number | undefined)[];

type Value = number | Series;

/** Series by the id that an expression uses. */
export type SeriesById = ReadonlyMap<string, Series>;

type Node = (series: SeriesById) => Value;

/** An expression that is not metric math, or uses a function that is not modelled. */
export class MetricMathError extends Error {
  override readonly name = "MetricMathError";
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/^<>(),]))/y;

/**
 * Reads an expression.
 *
 * @returns a function of the series that it names, which must all have the same length
 * @throws MetricMathError where the expression cannot be read
 */
export function metricMath(expression: string): (series: SeriesById) => Series {
  const parser = new Parser(tokens(expression), expression);
  const node = parser.whole();
  return (series) => {
    const value = node(series);
    if (typeof value === "number") throw new MetricMathError(`${expression}: the result is a scalar.`);
    return value;
  };
}

function tokens(expression: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(expression);
    if (match === null) throw new MetricMathError(`${expression}: cannot be read from character ${at + 1}.`);
    found.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return found;
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
};

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  // A division by zero drops the data point.
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

const LOGIC: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  AND: (a, b) => a !== 0 && b !== 0,
  "&&": (a, b) => a !== 0 && b !== 0,
  OR: (a, b) => a !== 0 || b !== 0,
  "||": (a, b) => a !== 0 || b !== 0,
};

/** Operators from the weakest to the strongest binding. */
const LEVELS: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

class Parser {
  private at = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly expression: string,
  ) {}

  whole(): Node {
    const node = this.level(0);
    if (this.at < this.words.length) this.fail(this.words[this.at]);
    return node;
  }

  private level(depth: number): Node {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.unary();
    let left = this.level(depth + 1);
    for (let word = this.words[this.at]; word !== undefined && operators.includes(word); word = this.words[this.at]) {
      this.at += 1;
      const [a, b] = [left, this.level(depth + 1)];
      const operate = operation(word);
      left = (series) => pairwise(a(series), b(series), operate);
    }
    return left;
  }

  private unary(): Node {
    if (this.words[this.at] !== "-") return this.primary();
    this.at += 1;
    const node = this.unary();
    return (series) => pairwise(0, node(series), (a, b) => a - b);
  }

  private primary(): Node {
    const word = this.words[this.at++];
    if (word === undefined) return this.fail(word);
    if (/^\d/.test(word)) return () => Number(word);
    if (word === "(") {
      const node = this.level(0);
      this.expect(")");
      return node;
    }
    if (word === "IF") return branch(this.arguments());
    if (word === "FILL") return this.fill();
    if (!/^[a-z]/.test(word)) return this.fail(word);
    return (series) => series.get(word) ?? this.fail(word);
  }

  private arguments(): Node[] {
    this.expect("(");
    const nodes = [this.level(0)];
    while (this.words[this.at] === ",") {
      this.at += 1;
      nodes.push(this.level(0));
    }
    this.expect(")");
    return nodes;
  }

  private fill(): Node {
    this.expect("(");
    const filled = this.level(0);
    this.expect(",");
    const repeat = this.words[this.at] === "REPEAT";
    if (repeat) this.at += 1;
    const filler: Node = repeat ? () => 0 : this.level(0);
    this.expect(")");
    return (series) => {
      const [values, other] = [filled(series), filler(series)];
      if (typeof values === "number") return values;
      let last: number | undefined;
      return values.map((value, index) => {
        last = value ?? last;
        if (value !== undefined) return value;
        return repeat ? last : at(other, index);
      });
    };
  }

  private expect(word: string): void {
    if (this.words[this.at] !== word) this.fail(this.words[this.at]);
    this.at += 1;
  }

  private fail(word: string | undefined): never {
    throw new MetricMathError(`${this.expression}: '${word ?? "the end"}' is not modelled there.`);
  }
}

function operation(word: string): (a: number, b: number) => number | undefined {
  const compare = COMPARE[word] ?? LOGIC[word];
  if (compare) return (a, b) => (compare(a, b) ? 1 : 0);
  const arithmetic = ARITHMETIC[word];
  if (!arithmetic) throw new MetricMathError(`'${word}' is not an operator.`);
  return (a, b) => {
    const value = arithmetic(a, b);
    return Number.isFinite(value) ? value : undefined;
  };
}

/** Of two series, a missing value of one counts as 0; where both are missing, or the only series is, nothing results. */
function pairwise(a: Value, b: Value, operate: (a: number, b: number) => number | undefined): Value {
  if (typeof a === "number" && typeof b === "number") return operate(a, b) ?? 0;
  const length = typeof a === "number" ? (b as Series).length : a.length;
  const both = typeof a !== "number" && typeof b !== "number";
  return Array.from({ length }, (_, index) => {
    const [left, right] = [at(a, index), at(b, index)];
    if (left === undefined && right === undefined) return undefined;
    if (!both && (left === undefined || right === undefined)) return undefined;
    return operate(left ?? 0, right ?? 0);
  });
}

/** IF(condition, value if not 0, value if 0): where the condition or the else-value is missing, nothing results. */
function branch([condition, whenTrue, whenFalse]: readonly Node[]): Node {
  if (!condition || !whenTrue) throw new MetricMathError("IF needs a condition and a value.");
  return (series) => {
    const [tested, yes, no] = [condition(series), whenTrue(series), whenFalse?.(series)];
    const lengths = [tested, yes, no].map((value) => (typeof value === "object" ? value.length : 0));
    return Array.from({ length: Math.max(...lengths) }, (_, index) => {
      const value = at(tested, index);
      if (value === undefined) return undefined;
      // As AWS documents it: a value that is missing where the condition is true counts as 0.
      if (value !== 0) return at(yes, index) ?? 0;
      return no === undefined ? undefined : at(no, index);
    });
  };
}

function at(value: Value, index: number): number | undefined {
  return typeof value === "number" ? value : value[index];
}
