import type { PositionRange } from "../../../contract/positions.js";
import type { VariantEffects } from "../../../contract/result.js";
import type { Variant } from "../../../contract/variants.js";
import { ScoreTable } from "./scoreTable.js";

/** Position in an outlier such as `p.Lys10Ala 2.1002`. */
const OUTLIER_POSITION = /^p\.[A-Za-z]{3}(-?\d+)/;

/**
 * Narrows a whole result to what was asked: the cells of other positions become null, so that columns keep their
 * numbers, and their outliers go; `variants` holds those asked for.
 */
export function restrict(
  result: VariantEffects,
  positions: readonly PositionRange[] | undefined,
  variants: readonly Variant[] | undefined,
): VariantEffects {
  const table = new ScoreTable(result);
  const named =
    variants === undefined
      ? result
      : { ...result, variants: variants.map((variant) => ({ ...table.variant(variant) })) };
  if (positions === undefined) return named;
  const isAsked = (position: number): boolean =>
    positions.some(({ first, last }) => first <= position && position <= last);
  const asked = table.positions.map(isAsked);
  const row = <Cell>(cells: readonly Cell[]): (Cell | null)[] =>
    cells.map((cell, column) => (asked[column] ? cell : null));
  return {
    ...named,
    heatmap: result.heatmap.map(row),
    sensitivity: row(result.sensitivity),
    ...(result.percentiles && { percentiles: result.percentiles.map(row) }),
    ...(result.entropy && { entropy: row(result.entropy) }),
    ...(result.top_residue && { top_residue: row(result.top_residue) }),
    outliers: result.outliers.filter((outlier) => isAsked(Number(OUTLIER_POSITION.exec(outlier)?.[1]))),
  };
}
