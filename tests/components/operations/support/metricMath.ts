/** Values of the metrics of an expression at one time, oldest first; undefined where nothing was published. */
export type Series = Readonly<Record<string, readonly (number | undefined)[]>>;

type Value = number | undefined;

/**
 * Evaluates metric math of CloudWatch at each time: what the alarms of this stack use of it. A missing operand makes the
 * result missing, except in FILL.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws SyntaxError for anything else
 */
export function metricMath(expression: string, series: Series): Value[] {
  const length = Math.max(...Object.values(series).map((values) => values.length));
  return Array.from({ length }, (_, time) => new Evaluation(expression, series, time).run());
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(>=|<=|==|!=|[-+*/(),<>]))/y;

/** Operators by how strongly they bind, weakest first. */
const LEVELS = [["OR"], ["AND"], [">", "<", ">=", "<=", "==", "!="], ["+", "-"], ["*", "/"]];

class Evaluation {
  private readonly tokens: string[] = [];

  constructor(
    expression: string,
    private readonly series: Series,
    private readonly time: number,
  ) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < expression.length) {
      const [found] = TOKEN.exec(expression) ?? [];
      if (found === undefined) throw new SyntaxError(`Metric math cannot be read: ${expression}`);
      this.tokens.push(found.trim());
    }
  }

  run(): Value {
    const value = this.level(0);
    if (this.tokens.length > 0) throw new SyntaxError(`Metric math ends before '${this.tokens.join(" ")}'.`);
    return value;
  }

  private level(index: number): Value {
    const operators = LEVELS[index];
    if (operators === undefined) return this.operand();
    let left = this.level(index + 1);
    for (let next = this.tokens[0]; next !== undefined && operators.includes(next); next = this.tokens[0]) {
      this.tokens.shift();
      const right = this.level(index + 1);
      left = left === undefined || right === undefined ? undefined : apply(next, left, right);
    }
    return left;
  }

  private operand(): Value {
    const token = this.tokens.shift() ?? "";
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") return this.closed(this.level(0));
    if (this.tokens[0] === "(") return this.call(token);
    const values = this.series[token];
    if (values === undefined) throw new SyntaxError(`Metric math names '${token}', which is no metric.`);
    return values[this.time];
  }

  private call(name: string): Value {
    this.tokens.shift();
    if (name === "DIFF") {
      const metric = this.tokens.shift() ?? "";
      const [now, before] = [this.series[metric]?.[this.time], this.series[metric]?.[this.time - 1]];
      return this.closed(now === undefined || before === undefined ? undefined : now - before);
    }
    const given = [this.level(0)];
    while (this.tokens[0] === ",") {
      this.tokens.shift();
      given.push(this.level(0));
    }
    const [first, second, third] = given;
    if (name === "FILL") return this.closed(first ?? second);
    if (name === "IF") return this.closed(first === undefined ? undefined : first === 0 ? third : second);
    throw new SyntaxError(`Metric math has no '${name}' here.`);
  }

  private closed(value: Value): Value {
    if (this.tokens.shift() !== ")") throw new SyntaxError("A bracket of metric math is not closed.");
    return value;
  }
}

function apply(operator: string, left: number, right: number): number {
  const results: Readonly<Record<string, number | boolean>> = {
    OR: left !== 0 || right !== 0,
    AND: left !== 0 && right !== 0,
    ">": left > right,
    "<": left < right,
    ">=": left >= right,
    "<=": left <= right,
    "==": left === right,
    "!=": left !== right,
    "+": left + right,
    "-": left - right,
    "*": left * right,
    "/": left / right,
  };
  return Number(results[operator]);
}
