const BASES = "TCAG";

/**
 * Amino acids of the 64 codons in the order TTT, TTC, TTA, TTG, TCT, ...; `*` is a stop.
 *
 * @see https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi#SG1 (the standard code)
 */
const STANDARD_CODE = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG";

const CODONS = new Map(
  Array.from(STANDARD_CODE, (residue, index) => {
    const codon = [index >> 4, (index >> 2) & 3, index & 3].map((base) => BASES.charAt(base)).join("");
    return [codon, residue];
  }),
);

/**
 * The bases of each letter.
 *
 * @see https://iupac.qmul.ac.uk/misc/naseq.html
 */
const IUPAC: Readonly<Record<string, string>> = {
  A: "A",
  C: "C",
  G: "G",
  T: "T",
  U: "T",
  R: "AG",
  Y: "CT",
  S: "CG",
  W: "AT",
  K: "GT",
  M: "AC",
  B: "CGT",
  D: "AGT",
  H: "ACT",
  V: "ACG",
  N: "ACGT",
};

const COMPLEMENTS: Readonly<Record<string, string>> = {
  A: "T",
  C: "G",
  G: "C",
  T: "A",
  U: "A",
  R: "Y",
  Y: "R",
  S: "S",
  W: "W",
  K: "M",
  M: "K",
  B: "V",
  V: "B",
  D: "H",
  H: "D",
  N: "N",
};

/** Bases of a codon. */
export const CODON = 3;

/** The codon with which an open reading frame begins. */
export const START_CODON = "ATG";

/** A residue that is unknown, because its codon has ambiguous bases. */
export const UNKNOWN_RESIDUE = "X";

/** The stop of a translation. */
export const STOP = "*";

/** The other strand, read in its direction. Lower case, which marks repeats, is kept. */
export function reverseComplement(bases: string): string {
  return Array.from(bases, complement).reverse().join("");
}

function complement(base: string): string {
  const upper = base.toUpperCase();
  const other = COMPLEMENTS[upper] ?? "N";
  return base === upper ? other : other.toLowerCase();
}

/**
 * The residue of a codon by the standard code; `*` for a stop, `X` if its bases do not say.
 *
 * @param codon three letters in any case
 */
export function residueOf(codon: string): string {
  const known = CODONS.get(codon);
  if (known !== undefined) return known;
  const [first = "", second = "", third = ""] = Array.from(codon.toUpperCase(), (letter) => IUPAC[letter] ?? "ACGT");
  const residues = new Set<string>();
  for (const one of first)
    for (const two of second) for (const three of third) residues.add(CODONS.get(one + two + three) ?? UNKNOWN_RESIDUE);
  const [only = UNKNOWN_RESIDUE] = residues;
  return residues.size === 1 ? only : UNKNOWN_RESIDUE;
}

/** Translates complete codons up to the first stop, which is not part of the protein. */
export function translate(coding: string): string {
  const residues: string[] = [];
  for (let start = 0; start + CODON <= coding.length; start += CODON) {
    const residue = residueOf(coding.slice(start, start + CODON));
    if (residue === STOP) break;
    residues.push(residue);
  }
  return residues.join("");
}

/**
 * The place after the first stop codon in frame.
 *
 * @returns undefined if there is none
 */
export function endOfStop(coding: string): number | undefined {
  for (let start = 0; start + CODON <= coding.length; start += CODON) {
    if (residueOf(coding.slice(start, start + CODON)) === STOP) return start + CODON;
  }
  return undefined;
}

/**
 * The longest complete open reading frame of a transcript, from the first ATG of a frame to its stop; of several of the same
 * length the first.
 *
 * @returns its start (0-based) and end (exclusive); undefined if there is none
 */
export function longestFrame(transcript: string): { readonly start: number; readonly end: number } | undefined {
  const upper = transcript.toUpperCase();
  let best: { start: number; end: number } | undefined;
  for (let frame = 0; frame < CODON; frame++) {
    let open: number | undefined;
    for (let at = frame; at + CODON <= upper.length; at += CODON) {
      const codon = upper.slice(at, at + CODON);
      if (open === undefined) {
        if (codon === START_CODON) open = at;
        continue;
      }
      if (residueOf(codon) !== STOP) continue;
      const found = { start: open, end: at + CODON };
      const longer = best === undefined ? 1 : found.end - found.start - (best.end - best.start);
      if (best === undefined || longer > 0 || (longer === 0 && found.start < best.start)) best = found;
      open = undefined;
    }
  }
  return best;
}
