import type { Properties } from "./types.js";

/** Names that AWS's APIs do not write in Pulumi's spelling with a capital first letter. */
const IRREGULAR: Readonly<Record<string, string>> = {
  id: "ID",
  kmsMasterKeyId: "KMSMasterKeyID",
  sseAlgorithm: "SSEAlgorithm",
};

/** A text property; undefined where it is absent, empty or something else. */
export function text(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A text property that the resource cannot be without. */
export function required(properties: Properties, key: string): string {
  const value = text(properties, key);
  if (value === undefined) throw new RangeError(`The program leaves out '${key}', which the twin needs.`);
  return value;
}

/** A number property, or a default. */
export function number(properties: Properties, key: string, absent: number): number {
  const value = Number(properties[key] ?? absent);
  return Number.isFinite(value) ? value : absent;
}

/** A nested object; empty where it is absent. */
export function nested(properties: Properties, key: string): Properties {
  const value = properties[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

/** A list of objects; empty where it is absent. */
export function list(properties: Properties, key: string): Properties[] {
  const value = properties[key];
  return Array.isArray(value) ? (value as Properties[]) : [];
}

/** The same value with its names in the spelling of AWS's APIs, at every depth. */
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
