import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AUTO_NAMED } from "./naming.js";
import { replacementOf } from "./replacement.js";
import type { Properties } from "./wire.js";

/** Where the bridged providers keep which inputs they filled in themselves. */
const DEFAULTS = "__defaults";

/** What a change of inputs means for a resource. */
export interface Difference {
  /** Properties whose values differ. */
  readonly changed: readonly string[];
  /** Those among them that AWS cannot change in place. */
  readonly replacing: readonly string[];
  /** Whether the old resource has to go first, as its name is taken until then. */
  readonly deleteBeforeReplace: boolean;
}

/**
 * Fills in what a provider does by itself: the physical name of a resource that is given none.
 *
 * @param resource.olds inputs of the resource that is there, empty when a new one is made
 * @param resource.seed the engine's randomness: a preview and the update after it need not agree
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
 * What a provider compares with the wanted inputs: of each property that was given, what was read back.
 *
 * @param inputs the last inputs
 * @param outputs the outputs, as they were read after the last change
 */
export function stateOf(inputs: Properties, outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).map(([property, value]) => [property, outputs[property] ?? value]));
}

/** Compares the resource that is there with the inputs that are wanted. */
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
    deleteBeforeReplace: replacing.length > 0 && (deleteBeforeReplace || isNamedByHand(type, news)),
  };
}

/** An entry names a property, a path into one, or (`path#`) whether there is anything at the path. */
function forces(forcing: "all" | readonly string[], property: string, old: unknown, wanted: unknown): boolean {
  if (forcing === "all") return property !== "tags";
  return forcing.some((entry) => {
    const counted = entry.endsWith("#");
    const [head, ...path] = (counted ? entry.slice(0, -1) : entry).split(".");
    const [before, after] = [at(old, path), at(wanted, path)];
    if (head !== property) return false;
    return counted ? (before === undefined) !== (after === undefined) : !isDeepStrictEqual(before, after);
  });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Properties | undefined)?.[key], value);
}

/** A copy without the named keys, however deep, and with assets reduced to what tells them apart. */
function without(value: unknown, ignored: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, ignored));
  if (typeof value !== "object" || value === null) return value;
  if ("hash" in value && ASSET_SIGNATURE in value) return value.hash;
  const kept = Object.entries(value).filter(([key]) => !ignored.includes(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, without(item, ignored)]));
}

/** Marks assets and archives, whose hash is the engine's. */
const ASSET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The bridge replaces a resource whose name was given by deleting it first: two cannot bear one name. */
function isNamedByHand(type: string, news: Properties): boolean {
  const property = AUTO_NAMED[type]?.property;
  return property !== undefined && property in news && !namesDefaulted(news).includes(property);
}
