import type { Properties } from "./types.js";

/** Property names whose spelling in AWS's APIs differs in more than the capital first letter. */
const IRREGULAR: Readonly<Record<string, string>> = {
  id: "ID",
  kmsMasterKeyId: "KMSMasterKeyID",
  sseAlgorithm: "SSEAlgorithm",
};

/** A string property; undefined if it is absent, empty or not a string. */
export function text(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * A string property that the resource must have.
 *
 * @throws RangeError if it is absent, empty or not a string
 */
export function required(properties: Properties, key: string): string {
  const value = text(properties, key);
  if (value === undefined)
    throw new RangeError(`A resource has no '${key}', which the twin needs; set it in the program.`);
  return value;
}

/** A number property; `absent` if it is absent or not a number. */
export function number(properties: Properties, key: string, absent: number): number {
  const value = Number(properties[key] ?? absent);
  return Number.isFinite(value) ? value : absent;
}

/** A nested object; empty if it is absent. */
export function nested(properties: Properties, key: string): Properties {
  const value = properties[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

/** A list of objects; empty if it is absent. */
export function list(properties: Properties, key: string): Properties[] {
  const value = properties[key];
  return Array.isArray(value) ? (value as Properties[]) : [];
}

/** The same value with property names as AWS's APIs spell them, at every depth. */
export function apiSpelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(apiSpelling);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      IRREGULAR[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
      apiSpelling(inner),
    ]),
  );
}
