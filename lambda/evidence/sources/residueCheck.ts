import type { EvidenceRow, RefusedRow } from "../../../contract/evidence.js";
import { numberingSegments, type Segment } from "./numberingSegments.js";
import type { Found, SourceRow } from "./source.js";

/** Neighbours on each side that are compared where the source has a sequence of its own. */
const NEIGHBOURS = 7;

/** Fewer neighbours than this say nothing. */
const FEWEST_NEIGHBOURS = 5;

/** Share of the neighbours of one side that must be the same: the submitted protein may have variants of its own. */
const NEIGHBOURS_SHARE = 0.7;

/** Rows that fit the submitted sequence, and those that do not. */
export interface CheckedRows {
  readonly rows: readonly EvidenceRow[];
  readonly refused: readonly RefusedRow[];
}

/**
 * Compares the residues of a source with the submitted sequence. A row without positions is about the whole protein, and
 * fits always. Where the source has a sequence of its own, the neighbours of a row must fit too: one residue is the same by
 * chance in one of 16 cases.
 *
 * @param found what the source answered
 * @param sequence the submitted sequence
 * @param complete adds the provenance to a row
 */
export function checkResidues(found: Found, sequence: string, complete: (row: SourceRow) => EvidenceRow): CheckedRows {
  const sites = found.rows.flatMap((row) => siteOf(row, found.sequence));
  const segments = numberingSegments(sites, sequence);
  const rows: EvidenceRow[] = [];
  const refused: RefusedRow[] = [];
  for (const row of found.rows) {
    const refusal = refusalOf(row, found.sequence, sequence, segments);
    if (refusal === undefined) rows.push(complete(row));
    else refused.push({ row: complete(row), ...refusal });
  }
  return { rows, refused };
}

function siteOf(row: SourceRow, own: string | undefined): { position: number; residue: string }[] {
  const residue = referenceOf(row, own)?.charAt(0) ?? "";
  if (row.start === undefined || row.numberedBy !== undefined || residue === "") return [];
  return [{ position: row.start, residue }];
}

/** The residues that the source has at a row's positions; undefined if it does not say. */
function referenceOf({ start, end, reference }: SourceRow, own: string | undefined): string | undefined {
  if (reference !== undefined || start === undefined) return reference;
  return own?.slice(start - 1, end ?? start);
}

function refusalOf(
  row: SourceRow,
  own: string | undefined,
  sequence: string,
  segments: readonly Segment[],
): Omit<RefusedRow, "row"> | undefined {
  const { start, end = start, numberedBy } = row;
  if (start === undefined || end === undefined) return undefined;
  if (numberedBy !== undefined) return { reason: `the source numbers it by isoform ${numberedBy}` };
  const reference = referenceOf(row, own);
  if (reference === undefined || reference.length !== end - start + 1) {
    return { reason: `the source does not say which residues are at ${rangeText(start, end)}` };
  }
  const segment = segments.find(({ first, last }) => start >= first && start <= last);
  const reason = mismatch(row, reference, start, sequence) ?? strangeNeighbours(own, start, end, sequence);
  if (segment === undefined) {
    const unclear = segments.length > 0 && own === undefined;
    const why = reason ?? (unclear ? chance(start, reference) : undefined);
    return why === undefined ? undefined : { reason: why };
  }
  if (segment.offset === 0) return reason === undefined ? undefined : { reason };
  const fits = mismatch(row, reference, start + segment.offset, sequence) === undefined;
  return { reason: reason ?? chance(start, reference), ...(fits && { fitting_offset: segment.offset }) };
}

function chance(start: number, reference: string): string {
  return `position ${start} is ${reference.charAt(0)} by chance only: the source numbers its neighbours differently`;
}

/** The first difference of residues, unless enough of them are the same. */
function mismatch(row: SourceRow, reference: string, start: number, sequence: string): string | undefined {
  let same = 0;
  let first: string | undefined;
  for (let index = 0; index < reference.length; index += 1) {
    const position = start + index;
    const there = position < 1 ? undefined : sequence[position - 1];
    if (there === reference[index]) same += 1;
    else first ??= differenceText(position, there, reference.charAt(index), sequence.length);
  }
  const { matchingShare = 1 } = row;
  return same >= matchingShare * reference.length ? undefined : first;
}

function differenceText(position: number, there: string | undefined, inSource: string, length: number): string {
  if (there === undefined) return `position ${position} is outside the sequence, which has ${length} residues`;
  return `position ${position} is ${there} in the sequence, ${inSource} in the source`;
}

function strangeNeighbours(own: string | undefined, start: number, end: number, sequence: string): string | undefined {
  if (own === undefined) return undefined;
  const sides = [
    sameShare(own, sequence, start - NEIGHBOURS, start - 1),
    sameShare(own, sequence, end + 1, end + NEIGHBOURS),
  ].filter((share) => share !== undefined);
  if (sides.length === 0 || sides.some((share) => share >= NEIGHBOURS_SHARE)) return undefined;
  return `the residues around ${rangeText(start, end)} are others in the sequence than in the source`;
}

/** Share of the source's residues of a range that the sequence has too; undefined for too few. */
function sameShare(own: string, sequence: string, first: number, last: number): number | undefined {
  const from = Math.max(first, 1);
  const to = Math.min(last, own.length);
  const count = to - from + 1;
  if (count < FEWEST_NEIGHBOURS) return undefined;
  let same = 0;
  for (let position = from; position <= to; position += 1) {
    if (own[position - 1] === sequence[position - 1]) same += 1;
  }
  return same / count;
}

function rangeText(start: number, end: number): string {
  return start === end ? `position ${start}` : `positions ${start} to ${end}`;
}
