import type * as z from "zod";
import { InputError, type Fault } from "../../contract/errors.js";
import { nearest } from "../../contract/nearest.js";

/** How many faults one answer lists before it says how many more there are. */
const LISTED_FAULTS = 20;

/** How much of an unsuitable value a message quotes, in characters. */
const QUOTED = 40;

/** The faults of one call, gathered so that the caller hears of all at once. */
export class FaultList {
  readonly #faults: Fault[] = [];
  readonly #errors: InputError[] = [];

  /** Notes a fault of one argument. */
  add(argument: string, error: InputError): void {
    this.#errors.push(error);
    this.#faults.push({ error_code: error.code, message: error.message, argument });
  }

  /** Does what may throw an InputError, and notes it as a fault of the argument instead; undefined if it threw. */
  attempt<Value>(argument: string, read: () => Value): Value | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.add(argument, error);
      return undefined;
    }
  }

  /**
   * @throws InputError where any fault was noted: the first one's code and message, and all of them in `faults`
   */
  throwIfAny(): void {
    const first = this.#errors[0];
    if (first === undefined) return;
    const count = this.#faults.length;
    const listed = this.#faults.slice(0, LISTED_FAULTS);
    if (count === 1) {
      throw new InputError(first.code, first.message, {
        faults: listed,
        ...(first.details && { details: first.details }),
      });
    }
    throw new InputError(first.code, `${first.message} (The first of ${count} faults; see errors.)`, {
      faults: listed,
      ...(count > listed.length && { details: { faults: count, listed: listed.length } }),
    });
  }
}

/**
 * Reads a call's arguments one by one, so that a fault in one hides no fault in another.
 *
 * @param schema the tool's input
 * @param input as it came
 * @param faults where `INVALID_INPUT` faults go: wrong types, missing and unknown arguments
 * @returns the arguments that could be read, defaults filled in
 */
export function readArguments<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  input: Readonly<Record<string, unknown>>,
  faults: FaultList,
): Partial<z.output<z.ZodObject<Shape>>> {
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(input).filter((name) => !known.includes(name))) {
    faults.add(key.slice(0, QUOTED), unknownArgument(key, known));
  }
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(schema.shape) as [string, z.ZodType][]) {
    const read = field.safeParse(input[key]);
    if (read.success) values[key] = read.data;
    else faults.add(key, unsuitableArgument(key, input[key], field));
  }
  return values as Partial<z.output<z.ZodObject<Shape>>>;
}

function unknownArgument(key: string, known: readonly string[]): InputError {
  const near = nearest(key, known);
  const mend = near === undefined ? `the arguments are ${known.join(", ")}` : `did you mean '${near}'?`;
  return new InputError("INVALID_INPUT", `There is no argument '${key.slice(0, QUOTED)}'; ${mend}`);
}

function unsuitableArgument(key: string, value: unknown, field: z.ZodType): InputError {
  const expected = describe(field);
  const found = value === undefined ? "is missing" : `is ${briefly(value)}`;
  return new InputError("INVALID_INPUT", `Argument '${key}' ${found}; it is ${expected}.`);
}

/** A value as a message may show it: numbers, booleans and short texts in full, else type and size. */
function briefly(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string") {
    return value.length <= QUOTED ? `the text '${value}'` : `a text of ${value.length} characters`;
  }
  return typeof value === "number" || typeof value === "boolean"
    ? `the ${typeof value} ${value}`
    : `an ${typeof value}`;
}

function describe(field: z.ZodType): string {
  if (field.description !== undefined) return field.description;
  const { innerType } = field.def as { innerType?: z.ZodType };
  return innerType === undefined ? `a ${field.def.type}` : describe(innerType);
}
