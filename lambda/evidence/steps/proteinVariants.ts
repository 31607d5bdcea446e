import { InputError } from "../../../contract/errors.js";
import type { ProteinVariants } from "../../../contract/genome.js";
import { checkWildTypes, formatVariant, parseVariant, type Variant } from "../../../contract/variants.js";
import type { NotScored } from "../../../contract/evidenceTable.js";
import type { Prepared } from "./services.js";

type Chosen = Pick<Prepared, "variants" | "embedded" | "not_scored">;

/**
 * The variants that are scored: those that the caller names and that fit the protein, and the substitutions of variants of
 * the genome that are embedded in it. All others are there with the reason.
 */
export function chooseVariants(asked: readonly string[], found: readonly ProteinVariants[], sequence: string): Chosen {
  const fitting: Variant[] = [];
  const notScored: NotScored[] = [];
  const offset = offsetOf(asked.map(parseVariant), sequence);
  for (const variant of asked.map(parseVariant)) {
    const fault = faultOf(variant, sequence);
    if (fault === undefined) fitting.push(variant);
    else notScored.push({ variant: formatVariant(variant), reason: `${fault}${offset}` });
  }
  const embedded: Prepared["embedded"][number][] = [];
  for (const protein of found) {
    if (protein.sequence !== sequence) {
      const reason = `${protein.name} is not the protein of this workflow`;
      const ids = new Set([...protein.to_score.flatMap(({ variant_ids: of }) => of)]);
      for (const { variant_id: id } of protein.not_scored) ids.add(id);
      notScored.push(...[...ids].map((variant) => ({ variant, reason })));
      continue;
    }
    embedded.push(...protein.to_score);
    notScored.push(...protein.not_scored.map(({ variant_id: variant, reason }) => ({ variant, reason })));
  }
  const all = [...fitting.map(formatVariant), ...embedded.map(({ variant }) => formatVariant(parseVariant(variant)))];
  return { variants: [...new Set(all)].sort(byPosition), embedded, not_scored: notScored };
}

function faultOf(variant: Variant, sequence: string): string | undefined {
  try {
    checkWildTypes([variant], sequence, 0);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** What to say where all variants would fit with one offset. */
function offsetOf(variants: readonly Variant[], sequence: string): string {
  try {
    checkWildTypes(variants, sequence, 0);
    return "";
  } catch (error) {
    const offset = error instanceof InputError ? error.details?.["numbering_offset"] : undefined;
    return typeof offset === "number" ? ` All would fit with ${offset} less.` : "";
  }
}

function byPosition(a: string, b: string): number {
  const first = (text: string): number => parseVariant(text)[0]?.position ?? 0;
  return first(a) - first(b) || (a < b ? -1 : 1);
}
