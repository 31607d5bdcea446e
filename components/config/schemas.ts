import * as z from "zod";
import { nearest } from "../../contract/nearest.js";

/** One configuration key: the schema that reads it, and what a fault says about it. */
export interface Key<Schema extends z.ZodType<unknown, string> = z.ZodType<unknown, string>> {
  /** Reads a value as the stack's file holds it: a string. */
  readonly schema: Schema;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** An allowed value to suggest instead of a refused one. */
  readonly suggestion: (value: string) => string;
  /** Why a value is refused, if there is more to say than what is allowed. */
  readonly reason?: (value: string) => string | undefined;
  /** The command that fixes a refused value. Default: the one that sets `suggestion`. */
  readonly fix?: string;
  /** Whether the value must be encrypted and never be shown. Default: false. */
  readonly secret?: boolean;
}

/** A string that matches a pattern. */
export function text(pattern: RegExp, words: Pick<Key, "allowed" | "suggestion">): Key<z.ZodType<string, string>> {
  return { schema: z.string().regex(pattern), ...words };
}

/** One of several names. */
export function oneOf<const Name extends string>(...names: readonly [Name, ...Name[]]): Key<z.ZodType<Name, string>> {
  return {
    // Widened to take any string: what is not a name is a fault, not a type error.
    schema: z.string().pipe(z.enum(names)),
    allowed: names.join(" or "),
    suggestion: (value) => nearest(value, names) ?? names[0],
  };
}

/**
 * A list of different items with commas between them.
 *
 * @param pattern what each item matches
 * @param words.items what the items are, in words
 */
export function list(
  pattern: RegExp,
  words: { readonly items: string; readonly suggestion: string },
): Key<z.ZodType<readonly string[], string>> {
  return {
    schema: z
      .string()
      .transform((value) => (value === "" ? [] : value.split(",").map((item) => item.trim())))
      .pipe(z.array(z.string().regex(pattern)).refine((items) => new Set(items).size === items.length)),
    allowed: `empty, or ${words.items}, with commas between them`,
    suggestion: () => words.suggestion,
  };
}

/**
 * An integer.
 *
 * @param suggested instead of a value that is not a number; a number outside the range is moved to its nearest end
 */
export function integer(least: number, most: number, suggested: number): Key<z.ZodType<number, string>> {
  return {
    schema: z
      .string()
      .regex(/^-?\d{1,9}$/)
      .transform(Number)
      .pipe(z.int().min(least).max(most)),
    allowed: `an integer from ${least} to ${most}`,
    suggestion: (value) => {
      const number = Math.trunc(Number(value));
      return String(value.trim() === "" || Number.isNaN(number) ? suggested : Math.min(Math.max(number, least), most));
    },
  };
}

/**
 * `true` or `false`, in exactly these words.
 *
 * @param suggested instead of a word that means neither
 */
export function boolean(suggested: boolean): Key<z.ZodType<boolean, string>> {
  return {
    schema: z.stringbool({ truthy: ["true"], falsy: ["false"], case: "sensitive" }),
    allowed: "true or false",
    suggestion: (value) =>
      String(/^(yes|on|1|true)$/i.test(value) || (!/^(no|off|0|false)$/i.test(value) && suggested)),
  };
}

/**
 * The nearest name of lower-case letters, digits and single hyphens.
 *
 * @param otherwise the name if fewer than three characters are left
 */
export function slug(value: string, otherwise: string): string {
  const name = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^([^a-z]|aws|ssm|xn-|sthree-|amzn-s3-demo-)+|-+$/g, "");
  return name.length < 3 ? otherwise : name.slice(0, 63);
}
