import { nearest } from "../../contract/nearest.js";

/** How one configuration key is read. */
export interface Key<Value> {
  /** What is allowed, in words. */
  readonly allowed: string;
  /** Reads a value as the stack's file holds it; undefined where it is not allowed. */
  readonly read: (text: string) => Value | undefined;
  /** Why a value is refused, where more can be said than what is allowed. */
  readonly reason?: (text: string) => string | undefined;
  /** A value to suggest in a refused one's stead. */
  readonly suggestion: (text: string) => string;
}

/** A text of a pattern. */
export function text(pattern: RegExp, words: Pick<Key<string>, "allowed" | "suggestion">): Key<string> {
  return { ...words, read: (value) => (pattern.test(value) ? value : undefined) };
}

/** One of some names. */
export function oneOf<Name extends string>(first: Name, ...others: Name[]): Key<Name> {
  const names = [first, ...others];
  return {
    allowed: names.join(" or "),
    read: (value) => names.find((name) => name === value),
    suggestion: (value) => nearest(value, names) ?? first,
  };
}

/**
 * A list with commas, without repeats.
 *
 * @param pattern of each item
 * @param allowed what the items are, in words
 * @param suggested a list in place of a refused one
 */
export function list(pattern: RegExp, allowed: string, suggested: string): Key<readonly string[]> {
  return {
    allowed: `empty, or ${allowed}, with commas between them`,
    read: (value) => {
      const items = value === "" ? [] : value.split(",").map((item) => item.trim());
      return items.every((item) => pattern.test(item)) && new Set(items).size === items.length ? items : undefined;
    },
    suggestion: () => suggested,
  };
}

/**
 * A whole number.
 *
 * @param suggested in place of what is no number; a number out of bounds is moved to the nearest bound
 */
export function integer(least: number, most: number, suggested: number): Key<number> {
  return {
    allowed: `an integer from ${least} to ${most}`,
    read: (value) => {
      const number = /^-?\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
    suggestion: (value) => {
      const number = Math.trunc(Number(value));
      return String(value.trim() === "" || Number.isNaN(number) ? suggested : Math.min(Math.max(number, least), most));
    },
  };
}

/**
 * True or false, in just these words.
 *
 * @param suggested in place of a word that means neither
 */
export function boolean(suggested: boolean): Key<boolean> {
  return {
    allowed: "true or false",
    read: (value) => (value === "true" ? true : value === "false" ? false : undefined),
    suggestion: (value) =>
      String(/^(yes|on|1|true)$/i.test(value) || (!/^(no|off|0|false)$/i.test(value) && suggested)),
  };
}

/** The nearest name of lower-case letters, digits and single hyphens. */
export function slug(value: string, otherwise: string): string {
  const name = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^([^a-z]|aws|ssm|xn-|sthree-|amzn-s3-demo-)+|-+$/g, "");
  return name.length < 3 ? otherwise : name.slice(0, 63);
}
