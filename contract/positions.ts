import { InputError, quoted } from "./errors.js";
import { plainSpaces } from "./whitespace.js";

/** A closed range of positions. */
export interface PositionRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Parses positions such as `10-25,40`.
 *
 * @param text single positions and closed ranges, separated by commas
 * @param length number of residues of the protein
 * @param offset number that the caller's numbering adds to the 1-based index (default 0)
 * @returns ranges in the caller's numbering, sorted; ranges that overlap or touch are merged
 * @throws InputError `INVALID_POSITIONS` if a part cannot be read or is outside the protein, or no position is named
 */
export function parsePositions(text: string, length: number, offset = 0): PositionRange[] {
  const ranges = plainSpaces(text)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => parseRange(part, length, offset))
    .sort((a, b) => a.first - b.first);
  if (ranges.length === 0) {
    throw new InputError(
      "INVALID_POSITIONS",
      `Positions ${quoted(text)} name no position; write them as 10-25,40 or leave them out.`,
    );
  }
  return merge(ranges);
}

/** The canonical text of sorted, merged ranges: `10-25,40`. */
export function formatPositions(ranges: readonly PositionRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

function parseRange(part: string, length: number, offset: number): PositionRange {
  const match = /^(-?\d{1,9})(?:\s*-\s*(-?\d{1,9}))?$/.exec(part);
  if (!match) {
    throw new InputError(
      "INVALID_POSITIONS",
      `${quoted(part)} is not a position or range; write positions as 10-25,40.`,
    );
  }
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (first > last) {
    throw new InputError(
      "INVALID_POSITIONS",
      `Range ${quoted(part)} has the larger position first; write the smaller position first.`,
    );
  }
  const lowest = 1 + offset;
  const highest = length + offset;
  if (first < lowest || last > highest) {
    throw new InputError(
      "INVALID_POSITIONS",
      `${quoted(part)} is outside the protein, whose positions are ${lowest} to ${highest}.`,
      { details: { first: lowest, last: highest } },
    );
  }
  return { first, last };
}

function merge(sorted: readonly PositionRange[]): PositionRange[] {
  const merged: PositionRange[] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous && range.first <= previous.last + 1) {
      merged[merged.length - 1] = { first: previous.first, last: Math.max(previous.last, range.last) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}
