import * as z from "zod";
import { InputError, LISTED, quoted, shortened, type Fault } from "./errors.js";
import { nearest } from "./nearest.js";

/** Texts of up to this many characters are short enough for a message. */
const SHORT_TEXT = 40;

/** Collects the faults of one call, so that the answer has all of them. */
export class FaultList {
  readonly #faults: Fault[] = [];
  readonly #errors: InputError[] = [];

  /** Adds a fault of one argument. */
  add(argument: string, error: InputError): void {
    this.#errors.push(error);
    this.#faults.push({ error_code: error.code, message: error.message, argument });
  }

  /** Calls `read`; if it throws an InputError, adds it as a fault of the argument and returns undefined. */
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
   * @throws InputError if there is any fault: with the code and message of the first, and all of them in `faults`
   */
  throwIfAny(): void {
    const [first] = this.#errors;
    if (first === undefined) return;
    const faults = this.#faults;
    if (faults.length === 1) {
      throw new InputError(first.code, first.message, { faults, ...(first.details && { details: first.details }) });
    }
    throw new InputError(first.code, `${first.message} (The first of ${faults.length} faults; see errors.)`, {
      faults,
    });
  }
}

/** Whether an optional argument is left out: models send null or an empty text for what they leave out. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/**
 * Reads the arguments of a call one by one, so that a fault in one argument hides no fault in another. Null or an empty
 * text for an optional argument counts as absent.
 *
 * @param schema the tool's input
 * @param input the arguments as the caller sent them
 * @param faults gets an `INVALID_INPUT` fault for each missing, unknown or mistyped argument
 * @returns the arguments that could be read, with defaults
 */
export function readArguments<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  input: Readonly<Record<string, unknown>>,
  faults: FaultList,
): Partial<z.output<z.ZodObject<Shape>>> {
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  for (const name of unknown.slice(0, LISTED)) faults.add(shortened(name), unknownArgument(name, known));
  for (const name of unknown.slice(LISTED, LISTED + 1)) {
    faults.add(shortened(name), new InputError("INVALID_INPUT", `There are ${unknown.length} unknown arguments.`));
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape) as [string, z.ZodType][]) {
    const given = input[name];
    const absent = isAbsent(given) && field.safeParse(undefined).success;
    const read = field.safeParse(absent ? undefined : given);
    if (read.success) values[name] = read.data;
    else faults.add(name, unsuitableArgument(name, given, field));
  }
  return values as Partial<z.output<z.ZodObject<Shape>>>;
}

/** What is wrong with an argument of a name that is not known. */
export function unknownArgument(name: string, known: readonly string[]): InputError {
  const near = nearest(name, known);
  const all = known.length === 0 ? "there are none." : `the arguments are ${known.join(", ")}.`;
  const fix = near === undefined ? all : `did you mean '${near}'?`;
  return new InputError("INVALID_INPUT", `There is no argument ${quoted(name)}; ${fix}`);
}

function unsuitableArgument(name: string, value: unknown, field: z.ZodType): InputError {
  const takes = `takes ${kindOf(field)} (${describeField(field)})`;
  return new InputError(
    "INVALID_INPUT",
    value === undefined
      ? `Argument '${name}' is missing; it ${takes}.`
      : `Argument '${name}' ${takes}, got ${describeValue(value)}.`,
  );
}

/** The values that a field takes, in words. */
function kindOf(field: z.core.$ZodType): string {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault) return kindOf(field.unwrap());
  if (field instanceof z.ZodUnion) return field.options.map(kindOf).join(" or ");
  if (field instanceof z.ZodEnum) return field.options.join(" or ");
  if (field instanceof z.ZodArray) return `a list of ${field.element instanceof z.ZodRecord ? "objects" : "texts"}`;
  if (field instanceof z.ZodBoolean) return "true or false";
  if (field instanceof z.ZodNumber) return `a whole number from ${field.minValue ?? ""} to ${field.maxValue ?? ""}`;
  return "a text";
}

/** A value as a message shows it: numbers, booleans and short texts in full, others as type and size. */
function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) {
    const other: unknown = value.find((item) => typeof item !== "string");
    return other === undefined ? `a list of ${value.length}` : `a list with ${describeValue(other)}`;
  }
  if (typeof value === "string") {
    return value.length <= SHORT_TEXT ? `the text '${value}'` : `a text of ${value.length} characters`;
  }
  return typeof value === "number" || typeof value === "boolean"
    ? `the ${typeof value} ${value}`
    : `an ${typeof value}`;
}

function describeField(field: z.ZodType): string {
  if (field.description !== undefined) return field.description;
  const { innerType } = field.def as { innerType?: z.ZodType };
  return innerType === undefined ? `a ${field.def.type}` : describeField(innerType);
}
