import { DataError } from "../dataError.js";
import type { Atom } from "./atom.js";

const CATEGORY = "_atom_site.";

/** A value: in quotes that end before white space, or without white space. */
const VALUE = /'(?:[^']|'(?=\S))*'(?=\s|$)|"(?:[^"]|"(?=\S))*"(?=\s|$)|\S+/g;

/**
 * The atoms of an mmCIF file, one a line, as the Protein Data Bank writes them.
 *
 * @throws DataError where a column is missing, or a row of the atoms has other columns than its header
 * @see https://mmcif.wwpdb.org/dictionaries/mmcif_pdbx_v50.dic/Categories/atom_site.html
 */
export function mmcifAtoms(lines: readonly string[]): Atom[] {
  const header = lines.findIndex((line) => line.startsWith(CATEGORY));
  const first = lines.findIndex((line, index) => index > header && !line.startsWith(CATEGORY));
  const names = lines.slice(header, first).map((line) => line.trim().slice(CATEGORY.length));
  const column = (...wanted: readonly string[]): number => {
    const name = wanted.find((one) => names.includes(one));
    if (name === undefined) throw new DataError(`the mmCIF file has no column ${CATEGORY}${wanted.join(" or ")}.`);
    return names.indexOf(name);
  };
  const [chain, number, name, bFactor] = [
    column("auth_asym_id", "label_asym_id"),
    column("auth_seq_id", "label_seq_id"),
    column("label_comp_id", "auth_comp_id"),
    column("B_iso_or_equiv"),
  ];
  const insertion = names.indexOf("pdbx_PDB_ins_code");
  const atoms: Atom[] = [];
  for (const [index, text] of lines.slice(first).entries()) {
    if (/^(?:#|_|loop_|data_|\s*$)/.test(text)) break;
    const values = [...text.matchAll(VALUE)];
    if (values.length !== names.length) {
      throw new DataError(
        `line ${first + index + 1} of the mmCIF file has ${values.length} values for ${names.length} columns.`,
      );
    }
    const value = (at: number): string => values[at]?.[0] ?? "";
    const code = insertion === -1 ? "?" : value(insertion);
    const old = values[bFactor];
    atoms.push({
      line: first + index,
      chain: value(chain),
      residue: `${value(number)}${/^[?.]$/.test(code) ? "" : code}`,
      name: value(name),
      withBFactor: (factor) =>
        text.slice(0, old?.index) + factor.toFixed(2) + text.slice((old?.index ?? 0) + (old?.[0].length ?? 0)),
    });
  }
  return atoms;
}
