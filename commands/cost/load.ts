import { generator } from "../../client/random.js";
import type { Arrival, ArrivalTrace } from "../simulate/traces.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Hours and days of an average month. */
export const MONTH_HOURS = 730;
export const MONTH_DAYS = MONTH_HOURS / 24;

/** When the proteins of a day are submitted. */
export const PATTERNS = ["steady", "office", "night"] as const;
export type Pattern = (typeof PATTERNS)[number];

/** What users submit. */
export interface Load {
  /** Proteins on a day: with `office`, from Monday to Friday. */
  readonly proteinsPerDay: number;
  /** Residues of each. */
  readonly length: number;
  readonly pattern: Pattern;
}

/** Most proteins that a simulated week has; of larger loads fewer days are simulated. */
const MOST_JOBS = 60_000;

/** Largest load: one day must fit. */
export const MOST_PER_DAY = MOST_JOBS;

/** Proteins of an average month. */
export function monthlyProteins({ proteinsPerDay, pattern }: Load): number {
  return proteinsPerDay * MONTH_DAYS * (pattern === "office" ? 5 / 7 : 1);
}

/** Seed of the times of the arrivals. */
const SEED = 12;

/**
 * A week of the load, or of large loads whole days.
 *
 * @param share part of its proteins, 0 to 1
 */
export function loadTrace(load: Load, share = 1): ArrivalTrace {
  const days = Math.max(1, Math.min(7, Math.floor(MOST_JOBS / Math.max(load.proteinsPerDay, 1))));
  const part = { ...load, proteinsPerDay: load.proteinsPerDay * share };
  const random = generator(SEED);
  const arrivals = Array.from({ length: days }, (_, day) =>
    load.pattern === "office" && day > 4 ? [] : dayOf(part, day * DAY, random),
  ).flat();
  arrivals.sort((a, b) => a.at - b.at);
  return { name: "load", description: loadText(load), horizonSeconds: days * DAY, arrivals };
}

function dayOf({ proteinsPerDay, length, pattern }: Load, start: number, random: () => number): Arrival[] {
  // Parts of proteins are left to chance, so that a week has as many as it should on average.
  const count = Math.floor(proteinsPerDay + random());
  return Array.from({ length: count }, () => ({ at: start + timeOfDay(pattern, random), length }));
}

function timeOfDay(pattern: Pattern, random: () => number): number {
  if (pattern === "night") return 20 * HOUR + 60 * random();
  return pattern === "office" ? (9 + 9 * random()) * HOUR : 24 * HOUR * random();
}

/** The load in words. */
export function loadText({ proteinsPerDay, length, pattern }: Load): string {
  const when = { steady: "at any hour", office: "Monday to Friday, 9 to 18", night: "at once at 20:00" }[pattern];
  return `${proteinsPerDay.toLocaleString("en-US")} proteins a day of ${length} residues, ${when}`;
}
