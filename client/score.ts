/** What the sign of a score means, after "llr". */
export const SIGN = "below 0: less likely than the wild type; above 0: likelier";

/** A score as people read it: with its sign and three decimals. JSON has more. */
export function formatScore(llr: number): string {
  // Adding 0 turns -0 into 0.
  const rounded = Number(llr.toFixed(3)) + 0;
  return `${rounded < 0 ? "" : "+"}${rounded.toFixed(3)}`;
}
