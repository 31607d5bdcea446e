import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import type { Conservation, EvidenceRow } from "../../../contract/evidence.js";
import type { LedgerItem } from "../../../contract/jobs.js";
import type { VariantEffects } from "../../../contract/result.js";
import { formatVariant, parseVariant, type Variant } from "../../../contract/variants.js";
import { OWN_KINDS } from "../../../contract/evidenceTable.js";

/** What each row of one origin has. */
export type Provenance = Pick<EvidenceRow, "source" | "source_version" | "retrieved_at" | "url" | "licence">;

/** Digits after the decimal point. */
const DIGITS = 4;

/** Provenance of the scores of a job. */
export function scoreProvenance({ model }: VariantEffects, job: LedgerItem): Provenance {
  const synthetic = model.weights === "synthetic" ? " (synthetic weights: numbers without meaning)" : "";
  return {
    source: `${model.id}${synthetic}`,
    source_version: `${model.revision}, ${job.image_digest}`,
    retrieved_at: job.completed_at ?? job.submitted_at,
    url: job.output_location ?? "",
    licence: "MIT (AMPLIFY)",
  };
}

/** Variants of which the table has a score besides those that somebody named: the outliers of the protein. */
export function outliersOf({ outliers }: VariantEffects): string[] {
  return outliers.map((text) => formatVariant(parseVariant(text.split(" ")[0] ?? "")));
}

/** One row for each variant that the model scored. */
export function llrRows(result: VariantEffects, variants: readonly string[], provenance: Provenance): EvidenceRow[] {
  const multiple = new Map(result.variants.map(({ variant, score }) => [variant, score]));
  return variants.flatMap((text) => {
    const variant = parseVariant(text);
    const llr = variant.length > 1 ? (multiple.get(text) ?? null) : cell(result.heatmap, variant);
    return llr === null ? [] : [{ ...placeOf(variant), variant: text, ...valueOf("llr", llr), ...provenance }];
  });
}

/** Rows of an alignment: of each position, of each substitution that a homologue has, and the PSSM of named variants. */
export function conservationRows(
  conservation: Conservation,
  variants: readonly string[],
  provenance: Provenance,
): EvidenceRow[] {
  const positions = conservation.positions.flatMap(
    ({ position, conservation: score, gap_fraction: gaps, residues }) => {
      const place = { start: position, end: position };
      const seen = Object.entries(residues).map(([residue, count]) => `${residue} ${count}`);
      return [
        { ...place, ...valueOf("conservation", score), ...provenance },
        { ...place, ...valueOf("gaps", gaps), ...provenance },
        { ...place, kind: OWN_KINDS.residues, value: seen.join(", "), ...provenance },
      ];
    },
  );
  const seenIn = Object.entries(conservation.seen_in).map(([variant, names]) => ({
    ...placeOf(parseVariant(variant)),
    variant,
    kind: OWN_KINDS.seenIn,
    value: names.join(", "),
    ...provenance,
  }));
  const pssm = variants.flatMap((text) => {
    const variant = parseVariant(text);
    const value = variant.length === 1 ? pssmOf(conservation, variant) : undefined;
    return value === undefined
      ? []
      : [{ ...placeOf(variant), variant: text, ...valueOf("pssm", value), ...provenance }];
  });
  return [...positions, ...seenIn, ...pssm];
}

function cell(heatmap: VariantEffects["heatmap"], variant: Variant): number | null {
  const [site] = variant;
  return site === undefined ? null : (heatmap[AMINO_ACIDS.indexOf(site.mutant)]?.[site.position - 1] ?? null);
}

function pssmOf({ positions }: Conservation, [site]: Variant): number | undefined {
  if (site === undefined) return undefined;
  const found = positions.find(({ position }) => position === site.position);
  return found?.pssm[AMINO_ACIDS.indexOf(site.mutant)];
}

function placeOf(variant: Variant): Pick<EvidenceRow, "start" | "end"> {
  const positions = variant.map(({ position }) => position);
  return { start: Math.min(...positions), end: Math.max(...positions) };
}

function valueOf(kind: keyof typeof OWN_KINDS, value: number): Pick<EvidenceRow, "kind" | "value"> {
  return { kind: OWN_KINDS[kind], value: value.toFixed(DIGITS) };
}
