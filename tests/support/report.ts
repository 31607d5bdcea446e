import { reportData, type ReportData } from "../../client/report/reportData.js";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";
import { effectsOf } from "./effects.js";

/** The data of a report of {@link resultOf}. */
export function reportOf(length: number, name = "Made-up protein"): ReportData {
  return reportData(resultOf(length), name);
}

/** The result of a made-up protein, with scores that differ from cell to cell, and one that is missing. */
export function resultOf(length: number): VariantEffects {
  const sequence = Array.from({ length }, (_, column) => AMINO_ACIDS.charAt((column * 7 + 3) % 20)).join("");
  const rows = Array.from(AMINO_ACIDS).map((letter, row) =>
    Array.from({ length }, (_, column) =>
      letter === sequence[column] ? 0 : Number((2 - ((row * 31 + column * 17) % 83) / 10).toFixed(4)),
    ),
  );
  const missing = rows[19];
  if (missing) missing[length - 1] = null as unknown as number;
  const sorted = rows.flat().toSorted((a, b) => a - b);
  const ranks = new Map(sorted.toReversed().map((llr, below) => [llr, sorted.length - 1 - below]));
  const percentiles = rows.map((row, index) =>
    row.map((llr, column) =>
      AMINO_ACIDS[index] === sequence[column]
        ? null
        : Number(((100 * (ranks.get(llr) ?? 0)) / sorted.length).toFixed(1)),
    ),
  );
  const scores = Object.fromEntries(Array.from(AMINO_ACIDS).map((letter, row) => [letter, rows[row] ?? []]));
  return { ...effectsOf(sequence, scores), percentiles };
}
