/**
 * The 20 standard amino acids, in the row order of every heatmap.
 *
 * @see https://iupac.qmul.ac.uk/AminoAcid/ (IUPAC-IUB one- and three-letter codes)
 */
export const AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY";

/** Three-letter code of each one-letter code, as used in HGVS protein notation. */
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
 * The one-letter code of a one-letter (`K`) or three-letter (`Lys`) code, in any case.
 *
 * @returns undefined if the text is not one of the 20 standard amino acids
 */
export function toOneLetter(text: string): string | undefined {
  const code = text.toUpperCase();
  return code in THREE_LETTER ? code : ONE_LETTER.get(code);
}

/** The three-letter code of a one-letter code; `Xaa` if it is not one of the 20 standard amino acids. */
export function toThreeLetter(oneLetter: string): string {
  return THREE_LETTER[oneLetter] ?? "Xaa";
}

/** The HGVS protein label of one substitution: `p.Lys10Ala`, or `p.Lys10=` if nothing changes. */
export function hgvsLabel(wildType: string, position: number, mutant: string): string {
  const change = wildType === mutant ? "=" : toThreeLetter(mutant);
  return `p.${toThreeLetter(wildType)}${position}${change}`;
}
