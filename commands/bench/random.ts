import { generator } from "../../client/random.js";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";

/** A random protein. */
export function randomProtein(random: () => number, length: number): string {
  const residue = (): string => AMINO_ACIDS.charAt(Math.floor(random() * AMINO_ACIDS.length));
  return Array.from({ length }, residue).join("");
}

/** Different random proteins, the same for the same seed. */
export function distinctProteins(
  count: number,
  seed: number,
  [shortest, longest]: readonly [shortest: number, longest: number],
): string[] {
  const random = generator(seed);
  const found = new Set<string>();
  while (found.size < count) {
    found.add(randomProtein(random, shortest + Math.floor(random() * (longest - shortest + 1))));
  }
  return [...found];
}
