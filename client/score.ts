/** A score as people read it: with its sign and three decimals. JSON has more. */
export function formatScore(llr: number): string {
  // Adding 0 turns -0 into 0.
  const rounded = Number(llr.toFixed(3)) + 0;
  return `${rounded < 0 ? "" : "+"}${rounded.toFixed(3)}`;
}
