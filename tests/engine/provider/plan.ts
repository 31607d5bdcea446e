import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AUTO_NAMED } from "./naming.js";
import { replacementOf } from "./replacement.js";
import type { Properties } from "./wire.js";

/** Input in which the bridged providers list the properties that they set themselves. */
const DEFAULTS = "__defaults";

/** The difference between the old and the new inputs of a resource. */
export interface Difference {
  /** Properties whose values differ. */
  readonly changed: readonly string[];
  /** The changed properties that force a replacement. */
  readonly replacing: readonly string[];
  /** Whether the old resource is deleted first, because its name is in use until then. */
  readonly deleteBeforeReplace: boolean;
}

/**
 * The inputs with the physical name that a provider generates where the program sets none.
 *
 * @param resource.olds inputs of the existing resource; empty at creation
 * @param resource.seed the engine's random seed; it differs between a preview and the update that follows
 */
export function checkInputs(
  type: string,
  logicalName: string,
  resource: { readonly olds: Properties; readonly news: Properties; readonly seed: Uint8Array },
): Properties {
  const { property = "", separator = "-", suffix = true } = AUTO_NAMED[type] ?? {};
  const { olds, news, seed } = resource;
  if (property === "" || property in news) return { ...news, [DEFAULTS]: [] };
  const kept = namesDefaulted(olds).includes(property) ? olds[property] : undefined;
  const ending = suffix ? separator + createHash("sha256").update(seed).digest("hex").slice(0, 7) : "";
  return { ...news, [property]: kept ?? `${logicalName}${ending}`, [DEFAULTS]: [property] };
}

function namesDefaulted(inputs: Properties): unknown[] {
  const defaults = inputs[DEFAULTS];
  return Array.isArray(defaults) ? defaults : [];
}

/**
 * What a provider compares with the new inputs: for each old input, the value in the outputs where there is one.
 *
 * @param inputs the last inputs
 * @param outputs the outputs after the last change or refresh
 */
export function stateOf(inputs: Properties, outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).map(([property, value]) => [property, outputs[property] ?? value]));
}

/** Compares an existing resource with its new inputs. */
export function diffInputs(type: string, olds: Properties, news: Properties): Difference {
  const { forcing, ignored = [], deleteBeforeReplace = false } = replacementOf(type);
  const properties = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = properties
    .filter((property) => property !== DEFAULTS)
    .filter((property) => !isDeepStrictEqual(without(olds[property], ignored), without(news[property], ignored)));
  const replacing = changed.filter((property) => forces(forcing, property, olds[property], news[property]));
  return {
    changed,
    replacing,
    deleteBeforeReplace: replacing.length > 0 && (deleteBeforeReplace || hasExplicitName(type, news)),
  };
}

/** Whether a changed property forces a replacement; for the form of `forcing`, see `Replacement`. */
function forces(forcing: "all" | readonly string[], property: string, old: unknown, wanted: unknown): boolean {
  if (forcing === "all") return property !== "tags";
  return forcing.some((entry) => {
    const presenceOnly = entry.endsWith("#");
    const [head, ...path] = (presenceOnly ? entry.slice(0, -1) : entry).split(".");
    const [before, after] = [at(old, path), at(wanted, path)];
    if (head !== property) return false;
    return presenceOnly ? (before === undefined) !== (after === undefined) : !isDeepStrictEqual(before, after);
  });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Properties | undefined)?.[key], value);
}

/** A copy without the given keys, at any depth, and with each asset replaced by its hash. */
function without(value: unknown, ignored: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, ignored));
  if (typeof value !== "object" || value === null) return value;
  if ("hash" in value && ASSET_SIGNATURE in value) return value.hash;
  const kept = Object.entries(value).filter(([key]) => !ignored.includes(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, without(item, ignored)]));
}

/** Key that marks assets and archives; the engine computes their hash. */
const ASSET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Where the program sets the name, the bridge deletes before it creates: two resources cannot have the same name. */
function hasExplicitName(type: string, news: Properties): boolean {
  const property = AUTO_NAMED[type]?.property;
  return property !== undefined && property in news && !namesDefaulted(news).includes(property);
}
