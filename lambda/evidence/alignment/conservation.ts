import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import { InputError, quoted } from "../../../contract/errors.js";
import type { Conservation, ConservationPosition } from "../../../contract/evidence.js";
import { BACKGROUND, BLOSUM62 } from "./blosum62.js";
import type { AlignedRow } from "./columns.js";
import { effectiveSequences, sequenceWeights } from "./weights.js";

/** Below this number of effective sequences, conservation says little. */
export const FEW_SEQUENCES = 10;

/** Pseudocount of each residue in the frequencies of a column, as Capra and Singh have it. */
const PSEUDOCOUNT = 1e-7;

/** Weight of the pseudocounts in the PSSM, in sequences: that of PSI-BLAST. */
const PSSM_PSEUDOCOUNTS = 10;

const SYMBOLS = AMINO_ACIDS.length;

/** For each residue: how probable each residue is in its place, by BLOSUM62. */
const SUBSTITUTES: readonly (readonly number[])[] = BLOSUM62.map((scores) => {
  const odds = scores.map((halfBits, residue) => (BACKGROUND[residue] ?? 0) * 2 ** (halfBits / 2));
  const sum = odds.reduce((total, one) => total + one, 0);
  return odds.map((one) => one / sum);
});

/**
 * The conservation of each position of the reference.
 *
 * @param rows the reference and its homologues, without sequences that are variants of them
 * @param reference name of the reference
 * @throws InputError `ALIGNMENT_FAILED` if the reference is not in the alignment
 */
export function conservationOf(rows: readonly AlignedRow[], reference: string, aligner: string): Conservation {
  const own = rows.find(({ name }) => name === reference);
  if (own === undefined) {
    throw new InputError("ALIGNMENT_FAILED", `The reference ${quoted(reference)} is not in the alignment.`);
  }
  const upper = rows.map(({ aligned }) => aligned.toUpperCase());
  const weights = sequenceWeights(upper);
  const nEff = effectiveSequences(upper);
  const positions: ConservationPosition[] = [];
  const seenIn: Record<string, string[]> = {};
  for (const [index, residue] of Array.from(own.aligned.toUpperCase()).entries()) {
    // A stop at the end is aligned, but is no position.
    if (residue === "-" || residue === "*") continue;
    const column = upper.map((row) => row.charAt(index));
    const position = positions.length + 1;
    positions.push({ position, residue, column: index + 1, ...columnStatistics(column, weights, nEff) });
    for (const [at, other] of column.entries()) {
      if (other === residue || !AMINO_ACIDS.includes(other) || !AMINO_ACIDS.includes(residue)) continue;
      (seenIn[`${residue}${position}${other}`] ??= []).push(rows[at]?.name ?? "");
    }
  }
  return {
    reference,
    aligner,
    sequences: rows.length,
    n_eff: nEff,
    ...(nEff < FEW_SEQUENCES && { note: "too few sequences" }),
    positions,
    seen_in: seenIn,
  };
}

type Statistics = Pick<ConservationPosition, "conservation" | "gap_fraction" | "residues" | "pssm">;

function columnStatistics(column: readonly string[], weights: readonly number[], nEff: number): Statistics {
  const weighted = Array.from({ length: SYMBOLS }, () => 0);
  const residues: Record<string, number> = {};
  let [total, gaps] = [0, 0];
  for (const [at, residue] of column.entries()) {
    const weight = weights[at] ?? 0;
    total += weight;
    if (residue === "-") {
      gaps += weight;
      continue;
    }
    residues[residue] = (residues[residue] ?? 0) + 1;
    const place = AMINO_ACIDS.indexOf(residue);
    if (place >= 0) weighted[place] = (weighted[place] ?? 0) + weight;
  }
  const gapFraction = total === 0 ? 0 : gaps / total;
  return {
    conservation: divergence(weighted) * (1 - gapFraction),
    gap_fraction: gapFraction,
    residues,
    pssm: logOdds(weighted, nEff),
  };
}

/**
 * Jensen-Shannon divergence of the residues of a column and the background, in bits.
 *
 * @see https://doi.org/10.1093/bioinformatics/btm270 (Capra and Singh 2007)
 */
function divergence(weighted: readonly number[]): number {
  const frequencies = normalised(weighted.map((weight) => weight + PSEUDOCOUNT));
  let sum = 0;
  for (const [place, frequency] of frequencies.entries()) {
    const background = BACKGROUND[place] ?? 0;
    const mean = (frequency + background) / 2;
    sum += frequency * Math.log2(frequency / mean) + background * Math.log2(background / mean);
  }
  return sum / 2;
}

/**
 * Log-odds of each residue, in bits: frequencies with pseudocounts by BLOSUM62, over the background.
 *
 * @see https://doi.org/10.1093/nar/25.17.3389 (Altschul and others 1997)
 */
function logOdds(weighted: readonly number[], nEff: number): number[] {
  const sum = weighted.reduce((all, one) => all + one, 0);
  const frequencies = sum === 0 ? BACKGROUND : weighted.map((weight) => weight / sum);
  const observations = sum === 0 ? 0 : Math.max(0, nEff - 1);
  return Array.from({ length: SYMBOLS }, (_, place) => {
    const expected =
      sum === 0
        ? (BACKGROUND[place] ?? 0)
        : frequencies.reduce((all, frequency, other) => all + frequency * (SUBSTITUTES[other]?.[place] ?? 0), 0);
    const mixed =
      (observations * (frequencies[place] ?? 0) + PSSM_PSEUDOCOUNTS * expected) / (observations + PSSM_PSEUDOCOUNTS);
    return Math.log2(mixed / (BACKGROUND[place] ?? 1));
  });
}

function normalised(numbers: readonly number[]): number[] {
  const sum = numbers.reduce((all, one) => all + one, 0);
  return numbers.map((one) => one / sum);
}
