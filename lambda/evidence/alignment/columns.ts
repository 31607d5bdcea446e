import type { EmbeddedVariant, SequenceInfo, SequenceInfos } from "../../../contract/genome.js";

/** One row of an alignment: a sequence with gaps, `-`. All rows have the same length. */
export interface AlignedRow {
  readonly name: string;
  readonly aligned: string;
}

const GAP = "-";

/** The columns (1-based) of the residues of a row, in their order. */
export function columnsOf(aligned: string): number[] {
  return Array.from(aligned).flatMap((residue, index) => (residue === GAP ? [] : [index + 1]));
}

/** The position (1-based) of the residue of a row in a column; undefined at a gap and outside of the alignment. */
export function positionAt(aligned: string, column: number): number | undefined {
  if (column < 1 || column > aligned.length || aligned.charAt(column - 1) === GAP) return undefined;
  return columnsOf(aligned.slice(0, column)).length;
}

/**
 * The column of a position of a row. The position after the last residue, which a variant with an early stop has, is the gap
 * after it, or the last residue where no gap follows.
 *
 * @throws RangeError for other positions outside of the sequence
 */
export function columnOf(aligned: string, position: number): number {
  const columns = columnsOf(aligned);
  const found = columns[position - 1];
  if (found !== undefined) return found;
  if (position !== columns.length + 1) {
    throw new RangeError(`Position ${position} is outside of the sequence of ${columns.length} residues.`);
  }
  const last = columns.at(-1) ?? 0;
  return Math.min(last + 1, aligned.length);
}

/** Adds to each variant its columns. Sequences that are not in the alignment stay as they are. */
export function alignedInfos(infos: SequenceInfos, rows: readonly AlignedRow[]): SequenceInfos {
  const byName = new Map(rows.map(({ name, aligned }) => [name, aligned]));
  return Object.fromEntries(
    Object.entries(infos).map(([name, info]) => [name, alignedInfo(info, byName.get(name))] as const),
  );
}

function alignedInfo(info: SequenceInfo, aligned: string | undefined): SequenceInfo {
  const { embedded_variants: variants } = info;
  if (aligned === undefined || variants === undefined) return info;
  const placed = variants.map((variant): EmbeddedVariant => ({
    ...variant,
    alignment_start_pos: columnOf(aligned, Math.max(1, variant.seq_start_pos)),
    alignment_end_pos: columnOf(aligned, variant.seq_end_pos),
  }));
  return { ...info, embedded_variants: placed };
}
