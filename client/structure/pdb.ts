import type { Atom } from "./atom.js";

/** Columns of the B-factor, which is written as `%6.2f`. */
const B_FACTOR = { first: 60, end: 66 } as const;

/**
 * The atoms of a PDB file.
 *
 * @see https://www.wwpdb.org/documentation/file-format-content/format33/sect9.html
 */
export function pdbAtoms(lines: readonly string[]): Atom[] {
  return lines.flatMap((text, line) => {
    if (!/^(?:ATOM {2}|HETATM)/.test(text) || text.length < B_FACTOR.first) return [];
    return [
      {
        line,
        name: text.slice(17, 20).trim(),
        chain: text.slice(21, 22).trim() || "-",
        residue: text.slice(22, 27).trim(),
        withBFactor: (value) => text.slice(0, B_FACTOR.first) + value.toFixed(2).padStart(6) + text.slice(B_FACTOR.end),
      },
    ];
  });
}
