import type { EvidenceRow } from "../../contract/evidence.js";
import { OWN_KINDS, type EvidenceTable, type NotScored, type SourceStatus } from "../../contract/evidenceTable.js";

/** What the page of a report holds of the evidence beside the scores. */
export interface ReportEvidence {
  readonly notice: string;
  /** Conservation of each position, 0 to 1; null where there is none. */
  readonly conservation: readonly (number | null)[];
  /** Rows of sources and of homologues, by position and variant. */
  readonly rows: readonly EvidenceRow[];
  readonly sources: readonly SourceStatus[];
  readonly not_scored: readonly NotScored[];
}

/** Kinds that have a track of their own, or are the scores themselves. */
const DRAWN: readonly string[] = [OWN_KINDS.llr, OWN_KINDS.conservation, OWN_KINDS.gaps, OWN_KINDS.residues];

/** Own kinds, which are no variants that somebody saw. */
const OWN: readonly string[] = Object.values(OWN_KINDS);

/** The part of a table that a report shows. */
export function reportEvidence({ notice, protein, rows, sources, not_scored }: EvidenceTable): ReportEvidence {
  const conservation = new Map(
    rows.flatMap(({ kind, start, value }) =>
      kind === OWN_KINDS.conservation ? [[start, Number(value)] as const] : [],
    ),
  );
  return {
    notice,
    conservation: Array.from(protein.sequence, (_, index) => conservation.get(index + 1) ?? null),
    rows: rows.filter(({ kind }) => !DRAWN.includes(kind)),
    sources,
    not_scored,
  };
}

/** Kinds about variants, of which some have no short form: deletions, insertions and lost stops. */
const OF_VARIANTS = /variant|mutagenesis|significance|frequency|classification|clinical impact/;

/** Kinds with two positions that are no part of the protein: as long as it, or two residues that are joined. */
const NO_PART = /structure|conflict|alternative sequence|prediction|^chain$|disulfide bond|cross-link/;

/** Whether a row is a stretch of the protein, such as a domain. */
export function isStretch({ start, end, variant, kind }: EvidenceRow): boolean {
  const isPart = variant === undefined && !OF_VARIANTS.test(kind) && !NO_PART.test(kind);
  return isPart && start !== undefined && end !== undefined && end > start;
}

/** Whether a row is a variant that somebody saw or measured: predictions, homologues, and those of the caller are none. */
export function isKnownVariant({ start, variant, kind }: EvidenceRow): boolean {
  if (start === undefined || OWN.includes(kind) || kind.includes("prediction")) return false;
  return variant !== undefined || OF_VARIANTS.test(kind);
}

/**
 * The rows about a substitution: those of its variant, then those of its position.
 *
 * @param variant such as `K10A`
 * @param position 1-based
 */
export function evidenceOf({ rows }: ReportEvidence, variant: string, position: number): EvidenceRow[] {
  const here = rows.filter(
    ({ start, end = start }) => start !== undefined && end !== undefined && start <= position && position <= end,
  );
  return [...here.filter((row) => row.variant === variant), ...here.filter((row) => row.variant === undefined)];
}

/** A row in a few words, with its source. */
export function shortText({ kind, value, source }: EvidenceRow): string {
  return `${kind}: ${value} (${source})`;
}

/** The address of the page that shows a row; undefined for one that is no link. */
export function linkOf({ url }: EvidenceRow): string | undefined {
  return /^https:\/\//.test(url) ? url : undefined;
}
