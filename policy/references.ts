import type { Subject } from "./rule.js";

/**
 * Whether a property of one resource refers to another: by reference, which is known before the other is created, or by
 * value.
 *
 * @param property of the referring resource, such as `bucket`
 * @param identity properties of the other resource; the value may be any of them
 */
export function refersTo(from: Subject, property: string, to: Subject, identity: readonly string[]): boolean {
  if (from.references[property]?.includes(to.urn)) return true;
  const value = known(() => from.props[property]);
  return value !== undefined && value !== "" && identity.some((key) => known(() => to.props[key]) === value);
}

/** A value, or undefined if it is missing or not known before the update. */
export function known<Value>(read: () => Value): Value | undefined {
  return isUnknown(read) ? undefined : read();
}

/** Whether a value is not known before the update: Pulumi throws when such a value is read, and exports no class for it. */
export function isUnknown(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return true;
    throw error;
  }
}
