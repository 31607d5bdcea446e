import { toOneLetter } from "../../contract/aminoAcids.js";
import { DataError } from "../dataError.js";
import type { Atom } from "./atom.js";
import { mmcifAtoms } from "./mmcif.js";
import { pdbAtoms } from "./pdb.js";

/** A residue of a chain, in the order of the file. */
export interface StructureResidue {
  readonly number: string;
  /** Three-letter code. */
  readonly name: string;
  /** One-letter code of the amino acid that it is or was made from. */
  readonly letter: string;
  readonly atoms: readonly Atom[];
}

/** A structure in the PDB or mmCIF format. */
export interface Structure {
  readonly lines: readonly string[];
  readonly atoms: readonly Atom[];
  /** The residues of each chain that has amino acids; of all models together. */
  readonly chains: ReadonlyMap<string, readonly StructureResidue[]>;
}

/** Modified residues, and the amino acid that each was made from. */
const MODIFIED: Readonly<Record<string, string>> = {
  MSE: "M",
  SEP: "S",
  TPO: "T",
  PTR: "Y",
  CSO: "C",
  HYP: "P",
  MLY: "K",
};

/**
 * Reads a structure.
 *
 * @throws DataError where it is neither a PDB nor an mmCIF file, or has no amino acid
 */
export function readStructure(text: string): Structure {
  const lines = text.split("\n");
  const atoms = lines.some((line) => line.startsWith("_atom_site.")) ? mmcifAtoms(lines) : pdbAtoms(lines);
  const residues = new Map<string, Map<string, { name: string; letter: string; atoms: Atom[] }>>();
  for (const atom of atoms) {
    const letter = MODIFIED[atom.name] ?? (atom.name.length === 3 ? toOneLetter(atom.name) : undefined);
    if (letter === undefined) continue;
    const chain = residues.get(atom.chain) ?? new Map<string, { name: string; letter: string; atoms: Atom[] }>();
    const residue = chain.get(atom.residue) ?? { name: atom.name, letter, atoms: [] };
    residue.atoms.push(atom);
    residues.set(atom.chain, chain.set(atom.residue, residue));
  }
  if (residues.size === 0) throw new DataError("the structure is no PDB or mmCIF file, or has no protein.");
  const chains = new Map(
    [...residues].map(([chain, found]) => [chain, [...found].map(([number, residue]) => ({ number, ...residue }))]),
  );
  return { lines, atoms, chains };
}
