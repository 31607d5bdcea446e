import type { PositionRange } from "../../../contract/positions.js";
import type { VariantEffects } from "../../../contract/result.js";
import type { PositionProfile, ProfileSegment, ScoredVariant, Summary } from "../../../contract/summary.js";
import { formatVariant, type Variant } from "../../../contract/variants.js";
import { fitRows, jsonBytes } from "./jsonBudget.js";
import { mean, overview, rounded, ScoreTable, scoredVariant, type Overview, type ScoredSite } from "./scoreTable.js";

/** What a summary is made for. */
export interface SummaryOptions {
  /** How many best and worst variants, and how many sensitive positions where none are asked for. */
  readonly top: number;
  /** Positions asked for, in the caller's numbering. */
  readonly positions?: readonly PositionRange[];
  /** Variants asked for, in the caller's numbering; default: those asked for on submission. */
  readonly variants?: readonly Variant[];
  readonly links: Summary["links"];
  readonly notes: readonly string[];
  /** The most bytes that the summary may have as JSON. */
  readonly budget: number;
}

/** How much detail the fixed parts hold; each row is tried where the one before leaves no room for what was asked. */
const GRADES = [
  { stretches: 40, most: 25 },
  { stretches: 20, most: 25 },
  { stretches: 10, most: 15 },
  { stretches: 10, most: 8 },
  { stretches: 5, most: 3 },
] as const;

/** Bytes that the fixed parts leave to what was asked for, and bytes for notes on what was left out. */
const ROOM_FOR_ROWS = 900;
const ROOM_FOR_NOTES = 420;

/** No row is shorter than this, in bytes: rows that cannot fit are not even made. */
const SHORTEST_ROW = 40;

/**
 * The summary of a result: best and worst variants, a profile along the protein, and the positions and variants asked
 * for, as many as fit the budget; notes say what was left out.
 */
export function summarise(result: VariantEffects, options: SummaryOptions): Summary {
  const table = new ScoreTable(result);
  const asked = options.positions?.flatMap(({ first, last }) => range(first, last));
  const rows = {
    positions: (asked ?? mostSensitive(table, options.top)).slice(0, mostRows(options)).map(positionRow(table)),
    variants: variantRows(table, result, options),
  };
  const all = overview(result, options.top);
  const needed = Math.min(jsonBytes(rows), ROOM_FOR_ROWS);
  const grades = GRADES.map((grade) => fixedParts(result, table, all, grade, options));
  const fixed = grades.find((summary) => roomIn(summary, options) >= needed) ?? grades.at(-1);
  if (fixed === undefined) throw new RangeError("A summary has no grade of detail.");
  const [variants, positions] = fitRows(rows.variants, rows.positions, roomIn(fixed, options));
  const variantsAsked = options.variants?.length ?? result.variants.length;
  const notes = [
    ...fixed.notes,
    ...leftOut("variants", variants.length, variantsAsked),
    ...leftOut("positions", positions.length, asked?.length ?? positions.length),
  ];
  return { ...fixed, positions, variants, notes };
}

function roomIn(summary: Summary, { budget }: SummaryOptions): number {
  return budget - jsonBytes(summary) - ROOM_FOR_NOTES;
}

function mostRows({ budget }: SummaryOptions): number {
  return Math.ceil(budget / SHORTEST_ROW);
}

/** A summary without the rows that were asked for. */
function fixedParts(
  result: VariantEffects,
  table: ScoreTable,
  all: Overview,
  { stretches, most }: (typeof GRADES)[number],
  { top, links, notes }: SummaryOptions,
): Summary {
  const { id, revision, weights } = result.model;
  const [highest, lowest] = [all.best[0], all.worst[0]];
  return {
    detail: "summary",
    model: { id, revision, weights },
    scoring: result.scoring,
    sequence_length: result.sequence_length,
    scored_variants: all.count,
    llr:
      highest && lowest ? { mean: rounded(all.mean), min: rounded(lowest.score), max: rounded(highest.score) } : null,
    best: all.best.slice(0, most).map(single),
    worst: all.worst.slice(0, most).map(single),
    profile: profile(table, stretches),
    positions: [],
    variants: [],
    links,
    notes: most < top ? [...notes, `The ${most} best and worst variants are shown, not ${top}, to stay small.`] : notes,
  };
}

function single(site: ScoredSite): ScoredVariant {
  return scoredVariant([site], site.score);
}

/** Mean sensitivity of the protein in equal stretches. */
function profile(table: ScoreTable, stretches: number): ProfileSegment[] {
  const { positions } = table;
  const size = Math.ceil(positions.length / stretches);
  return Array.from({ length: Math.ceil(positions.length / size) }, (_, index) => {
    const stretch = positions.slice(index * size, (index + 1) * size);
    const [first, last] = [stretch[0], stretch.at(-1)];
    return {
      positions: first === last ? `${first ?? ""}` : `${first ?? ""}-${last ?? ""}`,
      mean: mean(stretch.map((position) => table.sensitivity(position))),
    };
  });
}

function positionRow(table: ScoreTable): (position: number) => PositionProfile {
  return (position) => {
    const best = table.substitutions(position).reduce<ScoredSite | undefined>(better, undefined);
    return {
      position,
      wild_type: table.wildType(position),
      mean: rounded(table.sensitivity(position)),
      best: best ? formatVariant([best]) : null,
      best_score: best ? rounded(best.score) : null,
    };
  };
}

function better(best: ScoredSite | undefined, site: ScoredSite): ScoredSite {
  return best === undefined || site.score > best.score ? site : best;
}

/** Where substitutions cost most on average, most sensitive first. */
function mostSensitive(table: ScoreTable, top: number): number[] {
  return table.positions
    .flatMap((position) => {
      const sensitivity = table.sensitivity(position);
      return sensitivity === null ? [] : [{ position, sensitivity }];
    })
    .sort((a, b) => a.sensitivity - b.sensitivity)
    .slice(0, top)
    .map(({ position }) => position);
}

function variantRows(table: ScoreTable, result: VariantEffects, options: SummaryOptions): ScoredVariant[] {
  const most = mostRows(options);
  if (options.variants) return options.variants.slice(0, most).map((variant) => table.variant(variant));
  return result.variants.slice(0, most).map(({ variant, hgvs, score }) => ({ variant, hgvs, score: rounded(score) }));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function leftOut(rows: string, shown: number, asked: number): string[] {
  if (shown === asked) return [];
  return [`${shown} of the ${asked} ${rows} are shown, to stay small; ask for fewer at a time, or for detail full.`];
}
