import { AMINO_ACIDS } from "../../contract/aminoAcids.js";

/** Pseudorandom numbers from 0 to 1, the same in every run (Lehmer's generator). */
export function generator(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A random protein. */
export function randomProtein(random: () => number, length: number): string {
  const residue = (): string => AMINO_ACIDS.charAt(Math.floor(random() * AMINO_ACIDS.length));
  return Array.from({ length }, residue).join("");
}
