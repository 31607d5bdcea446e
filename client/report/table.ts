import { formatScore } from "../score.js";
import type { Substitution } from "../substitutions.js";

/** One line about a substitution, for a tooltip or a screen reader. */
export function describe({ hgvs, wildType, mutant, llr, percentile }: Substitution): string {
  if (wildType === mutant) return `${hgvs}: the wild type`;
  if (llr === null) return `${hgvs}: not scored`;
  const rank = percentile === null ? "" : `, percentile ${percentile.toFixed(1)} of this protein`;
  return `${hgvs}: llr ${formatScore(llr)}${rank}`;
}

/** Substitutions as CSV with a header: RFC 4180, with lines that end with CRLF. */
export function csvOf(substitutions: readonly Substitution[]): string {
  const lines = substitutions.map(({ position, wildType, mutant, hgvs, llr, percentile }) =>
    [position, wildType, mutant, hgvs, llr ?? "", percentile ?? ""].join(","),
  );
  return ["position,wild_type,mutant,hgvs,llr,percentile", ...lines, ""].join("\r\n");
}
