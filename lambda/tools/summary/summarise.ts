import type { PositionRange } from "../../../contract/positions.js";
import type { VariantEffects } from "../../../contract/result.js";
import type { PositionProfile, ProfileSegment, ScoredVariant, Summary } from "../../../contract/summary.js";
import { formatVariant, type Variant } from "../../../contract/variants.js";
import { jsonBytes } from "../../shared/jsonBytes.js";
import { fitRows } from "./jsonBudget.js";
import {
  mean,
  overview,
  rounded,
  ScoreTable,
  scoredVariant,
  type Overview,
  type ScoredSite,
} from "../../shared/scoreTable.js";

/** What a summary shows. */
export interface SummaryOptions {
  /** Number of best and worst variants, and of sensitive positions if no positions are requested. */
  readonly top: number;
  /** Requested positions, in the caller's numbering. Default: the most sensitive ones. */
  readonly positions?: readonly PositionRange[];
  /** Requested variants, in the caller's numbering. Default: those of the submission. */
  readonly variants?: readonly Variant[];
  readonly links: Summary["links"];
  readonly notes: readonly string[];
  /** Most bytes of the summary as JSON. */
  readonly budget: number;
}

/** Levels of detail of the fixed parts. The next level is used if one leaves no room for the requested rows. */
const LEVELS = [
  { segments: 40, most: 25 },
  { segments: 20, most: 25 },
  { segments: 10, most: 15 },
  { segments: 10, most: 8 },
  { segments: 5, most: 3 },
] as const;

/** Bytes that the fixed parts leave for requested rows, and for notes about rows that are left out. */
const ROOM_FOR_ROWS = 900;
const ROOM_FOR_NOTES = 420;

/** Fewest bytes of a row: limits the number of rows that are created. */
const SHORTEST_ROW = 40;

/**
 * Summarises a result: best and worst variants, a profile along the protein, and as many of the requested positions and
 * variants as fit into the budget. Notes say what was left out.
 */
export function summarise(result: VariantEffects, options: SummaryOptions): Summary {
  const table = new ScoreTable(result);
  const requested = options.positions?.flatMap(({ first, last }) => range(first, last));
  const rows = {
    positions: (requested ?? mostSensitive(table, options.top)).slice(0, mostRows(options)).map(positionRow(table)),
    variants: variantRows(table, result, options),
  };
  const all = overview(result, options.top);
  const needed = Math.min(jsonBytes(rows), ROOM_FOR_ROWS);
  const levels = LEVELS.map((level) => fixedParts(result, table, all, level, options));
  const fixed = levels.find((summary) => roomIn(summary, options) >= needed) ?? levels.at(-1);
  if (fixed === undefined) throw new RangeError("There is no level of detail for a summary.");
  const [variants, positions] = fitRows(rows.variants, rows.positions, roomIn(fixed, options));
  const variantsRequested = options.variants?.length ?? result.variants.length;
  const notes = [
    ...fixed.notes,
    ...leftOut("variants", variants.length, variantsRequested),
    ...leftOut("positions", positions.length, requested?.length ?? positions.length),
  ];
  return { ...fixed, positions, variants, notes };
}

function roomIn(summary: Summary, { budget }: SummaryOptions): number {
  return budget - jsonBytes(summary) - ROOM_FOR_NOTES;
}

function mostRows({ budget }: SummaryOptions): number {
  return Math.ceil(budget / SHORTEST_ROW);
}

/** A summary without the requested rows. */
function fixedParts(
  result: VariantEffects,
  table: ScoreTable,
  all: Overview,
  { segments, most }: (typeof LEVELS)[number],
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
    profile: profile(table, segments),
    positions: [],
    variants: [],
    links,
    notes:
      most < top
        ? [...notes, `To keep the summary small, it has the ${most} best and worst variants, not ${top}.`]
        : notes,
  };
}

function single(site: ScoredSite): ScoredVariant {
  return scoredVariant([site], site.score);
}

/** Mean sensitivity of the protein in segments of equal length. */
function profile(table: ScoreTable, segments: number): ProfileSegment[] {
  const { positions } = table;
  const size = Math.ceil(positions.length / segments);
  return Array.from({ length: Math.ceil(positions.length / size) }, (_, index) => {
    const segment = positions.slice(index * size, (index + 1) * size);
    const [first, last] = [segment[0], segment.at(-1)];
    return {
      positions: first === last ? `${first ?? ""}` : `${first ?? ""}-${last ?? ""}`,
      mean: mean(segment.map((position) => table.sensitivity(position))),
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

/** The positions with the lowest mean llr, lowest first. */
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

function leftOut(rows: string, shown: number, requested: number): string[] {
  if (shown === requested) return [];
  return [
    `To keep the summary small, it has ${shown} of the ${requested} ${rows}; request fewer at a time, or detail full.`,
  ];
}
