/**
 * The 20 standard amino acids, in the row order of every heatmap.
 *
 * @see https://iupac.qmul.ac.uk/AminoAcid/ (IUPAC-IUB one- and three-letter codes)
 */
export const AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY";

/** Three-letter code of each one-letter code, as HGVS protein notation writes it. */
export const THREE_LETTER: Readonly<Record<string, string>> = {
  A: "Ala",
  C: "Cys",
  D: "Asp",
  E: "Glu",
  F: "Phe",
  G: "Gly",
  H: "His",
  I: "Ile",
  K: "Lys",
  L: "Leu",
  M: "Met",
  N: "Asn",
  P: "Pro",
  Q: "Gln",
  R: "Arg",
  S: "Ser",
  T: "Thr",
  V: "Val",
  W: "Trp",
  Y: "Tyr",
};

const ONE_LETTER = new Map(Object.entries(THREE_LETTER).map(([one, three]) => [three.toUpperCase(), one]));

/**
 * Reads an amino acid from its one-letter code (`K`) or its three-letter code (`Lys`), in any case.
 *
 * @returns the one-letter code, or undefined where the text names none of the 20 standard amino acids
 */
export function toOneLetter(text: string): string | undefined {
  const code = text.toUpperCase();
  return code in THREE_LETTER ? code : ONE_LETTER.get(code);
}

/** The three-letter code of a one-letter code; `Xaa` for anything but the 20 standard amino acids. */
export function toThreeLetter(oneLetter: string): string {
  return THREE_LETTER[oneLetter] ?? "Xaa";
}

/** The HGVS protein label of one substitution: `p.Lys10Ala`, or `p.Lys10=` where nothing changes. */
export function hgvsLabel(wildType: string, position: number, mutant: string): string {
  const change = wildType === mutant ? "=" : toThreeLetter(mutant);
  return `p.${toThreeLetter(wildType)}${position}${change}`;
}
