import { compare } from "../../client/compare.js";
import { readResult } from "./readResult.js";
import type { TargetOptions } from "./target.js";

/** Positions that are printed. */
const SHOWN = 10;

/** Prints how two results of one protein differ. */
export async function compareResults(
  first: string,
  second: string,
  options: TargetOptions & { readonly json?: boolean },
): Promise<number> {
  const [one, other] = [await readResult(first, options), await readResult(second, options)];
  const comparison = compare(one.result, other.result);
  if (options.json) {
    console.log(JSON.stringify(comparison));
    return 0;
  }
  const { spearman, compared, positions } = comparison;
  console.log(`Spearman's rank correlation: ${spearman?.toFixed(3) ?? "none"} (${compared} substitutions)`);
  console.log("\nPositions that differ most (mean absolute difference of the llr):");
  for (const { position, wildType, difference } of positions.slice(0, SHOWN)) {
    console.log(`  ${wildType}${position}`.padEnd(10) + difference.toFixed(3));
  }
  return 0;
}
