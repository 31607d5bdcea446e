import { toThreeLetter } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";
import { DataError } from "../dataError.js";
import { positionOf, scoresOf } from "../substitutions.js";
import { align } from "./align.js";
import type { Structure, StructureResidue } from "./structure.js";

/** Share of equal residues from which a chain counts as the protein. */
const SAME = 0.9;

/** Share of the shorter of chain and protein that must be aligned. */
const COVERED = 0.5;

/** How a chain fits the protein. */
export interface ChainMap {
  readonly chain: string;
  /** Residues of the chain in the file. */
  readonly residues: number;
  /** Residues that have a position in the protein. */
  readonly aligned: number;
  /** Share of the aligned residues that are equal. */
  readonly identity: number;
  /** Aligned residues that are others in the protein: `ALA 21 is p.Gly22`. */
  readonly mismatches: readonly string[];
}

/** A structure with the mean llr of each position as B-factor. */
export interface ColouredStructure {
  readonly text: string;
  readonly chains: readonly ChainMap[];
  /** Largest magnitude of a B-factor that was written. */
  readonly bound: number;
}

/**
 * Writes the mean llr of each position as B-factor into the chains that are the protein; all other atoms get 0. Residues
 * are found by alignment, not by their numbers.
 *
 * @param chain the one chain to map, whatever its share of equal residues. Default: all chains that are the protein
 * @throws DataError where no chain, or not that chain, is the protein
 */
export function withBFactors(structure: Structure, result: VariantEffects, chain?: string): ColouredStructure {
  const wanted = chain === undefined ? [...structure.chains] : [[chain, chainOf(structure, chain)] as const];
  const mapped = wanted.map(([name, residues]) => mapChain(name, residues, result));
  const fitting = mapped.filter(({ map, covered }) =>
    chain === undefined ? map.identity >= SAME && covered >= COVERED : map.aligned > 0,
  );
  if (fitting.length === 0) throw noChain(mapped.map(({ map }) => map));
  const values = new Map(fitting.flatMap(({ values: found }) => [...found]));
  const lines = [...structure.lines];
  for (const { line, withBFactor } of structure.atoms) lines[line] = withBFactor(values.get(line) ?? 0);
  return {
    text: lines.join("\n"),
    chains: fitting.map(({ map }) => map),
    bound: [...values.values()].reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}

function chainOf({ chains }: Structure, chain: string): readonly StructureResidue[] {
  const found = chains.get(chain);
  if (found) return found;
  throw new DataError(`the structure has no protein chain '${chain}'; it has ${[...chains.keys()].join(", ")}.`);
}

function mapChain(chain: string, residues: readonly StructureResidue[], result: VariantEffects) {
  const { sequence, sensitivity } = result;
  const columns = align(residues.map(({ letter }) => letter).join(""), sequence);
  const values = new Map<number, number>();
  const mismatches: string[] = [];
  let aligned = 0;
  for (const [index, residue] of residues.entries()) {
    const column = columns[index] ?? null;
    if (column === null) continue;
    aligned++;
    const expected = sequence.charAt(column);
    if (residue.letter !== expected) {
      const position = positionOf(scoresOf(result), column);
      mismatches.push(`${residue.name} ${residue.number} is p.${toThreeLetter(expected)}${position}`);
    }
    const mean = sensitivity[column] ?? null;
    if (mean !== null) for (const { line } of residue.atoms) values.set(line, mean);
  }
  const identity = aligned === 0 ? 0 : 1 - mismatches.length / aligned;
  const covered = aligned / Math.min(residues.length, sequence.length);
  return { map: { chain, residues: residues.length, aligned, identity, mismatches }, values, covered };
}

function noChain(maps: readonly ChainMap[]): DataError {
  const found = maps.map(
    ({ chain, residues, aligned, identity }) =>
      `${chain}: ${aligned} of ${residues} residues aligned, ${(100 * identity).toFixed(0)} % of them equal`,
  );
  return new DataError(
    `no chain of the structure is the protein (${found.slice(0, 5).join("; ")}). Name one with --chain to map it nevertheless.`,
  );
}
