import { readFileSync } from "node:fs";
import path from "node:path";
import { parseCsv } from "../../client/csv.js";
import { MAX_SEQUENCE_LENGTH } from "../../contract/limits.js";
import { UsageError } from "../command.js";
import type { ArrivalTrace } from "./traces.js";

const DAY = 86_400;
const MONDAY = Date.UTC(2024, 0, 1) / 1_000;

/**
 * Reads a user's trace: a CSV file with the columns `time` (seconds from the start, or ISO 8601) and `length` (residues).
 * Times with a date keep their day of the week and hour, for working hours.
 *
 * @throws UsageError where the file is missing, or a line has no time or no length
 */
export function csvTrace(file: string): ArrivalTrace {
  const rows = parseCsv(read(file));
  const [header = [], ...lines] = rows;
  const [time, length] = ["time", "length"].map((name) => header.findIndex((one) => one.trim().toLowerCase() === name));
  if (time === undefined || length === undefined || time < 0 || length < 0) {
    throw new UsageError(`${file} needs the columns time and length in its first line.`);
  }
  const arrivals = lines.map((cells, index) => ({
    at: secondsOf(cells[time] ?? "", file, index + 2),
    length: residuesOf(cells[length] ?? "", file, index + 2),
  }));
  if (arrivals.length === 0) throw new UsageError(`${file} has no lines after its header.`);
  arrivals.sort((a, b) => a.at - b.at);
  // Whole weeks before the first arrival do not count.
  const first = arrivals[0]?.at ?? 0;
  const start = Math.floor(first / (7 * DAY)) * 7 * DAY;
  const shifted = arrivals.map(({ at, length: residues }) => ({ at: at - start, length: residues }));
  const last = shifted.at(-1)?.at ?? 0;
  return {
    name: path.basename(file, path.extname(file)),
    description: `${arrivals.length} proteins of ${path.basename(file)}`,
    horizonSeconds: Math.ceil((last + 1) / DAY) * DAY,
    arrivals: shifted,
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function secondsOf(text: string, file: string, line: number): number {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const date = /^\d{4}-\d\d-\d\d/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  if (Number.isNaN(date))
    throw new UsageError(`${file}, line ${line}: the time '${text}' is neither seconds nor ISO 8601.`);
  return date / 1_000 - MONDAY;
}

function residuesOf(text: string, file: string, line: number): number {
  const length = Number(text);
  if (!Number.isInteger(length) || length < 1 || length > MAX_SEQUENCE_LENGTH) {
    throw new UsageError(
      `${file}, line ${line}: the length '${text}' is not a number from 1 to ${MAX_SEQUENCE_LENGTH}.`,
    );
  }
  return length;
}
