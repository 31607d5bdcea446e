import { InputError } from "../../../contract/errors.js";
import type { AlignedRow } from "./columns.js";

/** Residues on a line. */
const WIDTH = 60;

/** Groups of similar residues, as Clustal marks them below a column. */
const STRONG = ["STA", "NEQK", "NHQK", "NDEQ", "QHRK", "MILV", "MILF", "HY", "FYW"];
const WEAK = ["CSA", "ATV", "SAG", "STNK", "STPA", "SGND", "SNDEQK", "NDEQHK", "NEQHRK", "FVLIM", "HFY"];

/**
 * Writes an alignment in Clustal's format, with the number of residues so far at the end of each line.
 *
 * @param title first line, after `CLUSTAL`
 */
export function formatClustal(rows: readonly AlignedRow[], title: string): string {
  const width = Math.max(...rows.map(({ name }) => name.length)) + 6;
  const length = rows[0]?.aligned.length ?? 0;
  const lines = [`CLUSTAL ${title}`, "", ""];
  for (let from = 0; from < length; from += WIDTH) {
    if (from > 0) lines.push("");
    for (const { name, aligned } of rows) {
      const residues = aligned.slice(0, from + WIDTH).replaceAll("-", "").length;
      lines.push(`${name.padEnd(width)}${aligned.slice(from, from + WIDTH)}\t${residues}`);
    }
    const marks = Array.from({ length: Math.min(WIDTH, length - from) }, (_, at) => mark(rows, from + at)).join("");
    lines.push(`${" ".repeat(width)}${marks}`);
  }
  return `${lines.join("\n")}\n`;
}

function mark(rows: readonly AlignedRow[], column: number): string {
  const residues = [...new Set(rows.map(({ aligned }) => aligned.charAt(column).toUpperCase()))];
  if (residues.includes("-")) return " ";
  if (residues.length === 1) return "*";
  const within = (groups: readonly string[]): boolean =>
    groups.some((group) => residues.every((residue) => group.includes(residue)));
  return within(STRONG) ? ":" : within(WEAK) ? "." : " ";
}

/** A line of a block: name, residues, and perhaps the number of residues so far. */
const ROW = /^(\S+)\s+([A-Za-z*-]+)(?:\s+\d+)?$/;

/**
 * Reads an alignment in Clustal's format.
 *
 * @returns the rows in the order of the file
 * @throws InputError `ALIGNMENT_FAILED` if it is no such alignment
 */
export function parseClustal(text: string): AlignedRow[] {
  const [title = "", ...lines] = text.split(/\r?\n/);
  if (!/^CLUSTAL/i.test(title)) throw unreadable();
  const rows = new Map<string, string>();
  for (const line of lines) {
    if (line.trim() === "" || /^\s/.test(line)) continue;
    const [, name, residues = ""] = ROW.exec(line.trimEnd()) ?? [];
    if (name === undefined) throw unreadable();
    rows.set(name, (rows.get(name) ?? "") + residues);
  }
  return checkedRows([...rows].map(([name, aligned]) => ({ name, aligned })));
}

/**
 * Checks that all rows have the same length.
 *
 * @throws InputError `ALIGNMENT_FAILED` if they have not, or there is none
 */
export function checkedRows(rows: readonly AlignedRow[]): AlignedRow[] {
  const [first] = rows;
  if (first === undefined || rows.some(({ aligned }) => aligned.length !== first.aligned.length)) throw unreadable();
  return [...rows];
}

function unreadable(): InputError {
  return new InputError("ALIGNMENT_FAILED", "The aligner wrote no alignment that can be read.");
}
