import type { PositionRange } from "../../../contract/positions.js";
import type { VariantEffects } from "../../../contract/result.js";
import type { Variant } from "../../../contract/variants.js";
import { ScoreTable } from "../../shared/scoreTable.js";

/** The position in an outlier such as `p.Lys10Ala 2.1002`. */
const OUTLIER_POSITION = /^p\.[A-Za-z]{3}(-?\d+)/;

/**
 * Narrows a full result to the requested positions and variants. The cells of other positions become null, so that
 * columns keep their numbers, and outliers at other positions are left out; `variants` has only the requested ones.
 *
 * @param positions requested positions, in the caller's numbering; undefined for all
 * @param variants requested variants, in the caller's numbering; undefined for those of the submission
 */
export function narrowResult(
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
  const isRequested = (position: number): boolean =>
    positions.some(({ first, last }) => first <= position && position <= last);
  const requested = table.positions.map(isRequested);
  const row = <Cell>(cells: readonly Cell[]): (Cell | null)[] =>
    cells.map((cell, column) => (requested[column] ? cell : null));
  return {
    ...named,
    heatmap: result.heatmap.map(row),
    sensitivity: row(result.sensitivity),
    ...(result.percentiles && { percentiles: result.percentiles.map(row) }),
    ...(result.entropy && { entropy: row(result.entropy) }),
    ...(result.top_residue && { top_residue: row(result.top_residue) }),
    outliers: result.outliers.filter((outlier) => isRequested(Number(OUTLIER_POSITION.exec(outlier)?.[1]))),
  };
}
