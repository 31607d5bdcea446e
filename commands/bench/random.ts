import { AMINO_ACIDS } from "../../contract/aminoAcids.js";

/** A random protein. */
export function randomProtein(random: () => number, length: number): string {
  const residue = (): string => AMINO_ACIDS.charAt(Math.floor(random() * AMINO_ACIDS.length));
  return Array.from({ length }, residue).join("");
}
