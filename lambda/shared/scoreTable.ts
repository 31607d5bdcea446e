import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";
import type { ScoredVariant } from "../../contract/summary.js";
import { formatVariant, variantLabel, type Site, type Variant } from "../../contract/variants.js";

/** Scores in an answer are rounded to multiples of 1 / STEPS: four decimals. */
const STEPS = 1e4;

/** One substitution with its score. */
export interface ScoredSite extends Site {
  readonly score: number;
}

/** Reads a result by positions in the caller's numbering. */
export class ScoreTable {
  readonly #result: VariantEffects;
  readonly #named: ReadonlyMap<string, number | null>;

  constructor(result: VariantEffects) {
    this.#result = result;
    this.#named = new Map(result.variants.map(({ variant, score }) => [variant, score]));
  }

  /** All positions in the caller's numbering, in order. */
  get positions(): number[] {
    const { sequence_length: length, numbering_offset: offset } = this.#result;
    return Array.from({ length }, (_, column) => column + 1 + offset);
  }

  /** The wild-type residue of a position. */
  wildType(position: number): string {
    return this.#result.sequence[this.#column(position)] ?? "";
  }

  /** Mean llr over the 19 substitutions of a position; null if it was not scored. */
  sensitivity(position: number): number | null {
    return this.#result.sensitivity[this.#column(position)] ?? null;
  }

  /** The llr of one cell; null if it was not scored. */
  score(position: number, mutant: string): number | null {
    return this.#result.heatmap[AMINO_ACIDS.indexOf(mutant)]?.[this.#column(position)] ?? null;
  }

  /** The scored substitutions of a position, without the synonymous one. */
  substitutions(position: number): ScoredSite[] {
    const wildType = this.wildType(position);
    return Array.from(AMINO_ACIDS).flatMap((mutant) => {
      const score = mutant === wildType ? null : this.score(position, mutant);
      return score === null ? [] : [{ wildType, position, mutant, score }];
    });
  }

  /**
   * The score of a variant: the model's own score if the variant was part of the submission, else the sum over its sites
   * (ProteinGym's definition); null if a site was not scored.
   */
  variant(variant: Variant): ScoredVariant {
    const named = this.#named.get(formatVariant(variant));
    return scoredVariant(variant, named === undefined ? this.#sum(variant) : named);
  }

  #sum(variant: Variant): number | null {
    const scores = variant.map(({ position, mutant }) => this.score(position, mutant));
    return scores.reduce<number | null>((sum, score) => (sum === null || score === null ? null : sum + score), 0);
  }

  #column(position: number): number {
    return position - 1 - this.#result.numbering_offset;
  }
}

/** Statistics of all scored substitutions of a protein. */
export interface Overview {
  readonly count: number;
  /** Mean llr; 0 if nothing was scored. */
  readonly mean: number;
  /** The highest scores, best first. */
  readonly best: readonly ScoredSite[];
  /** The lowest scores, worst first. */
  readonly worst: readonly ScoredSite[];
}

/** Collects the highest or the lowest of many scores, sorted. */
class Extremes {
  readonly sites: ScoredSite[] = [];
  readonly #most: number;
  readonly #sign: 1 | -1;
  #threshold = -Infinity;

  /**
   * @param most most scores to keep
   * @param sign 1 for the highest scores, -1 for the lowest
   */
  constructor(most: number, sign: 1 | -1) {
    this.#most = most;
    this.#sign = sign;
  }

  /** Whether a score is one of them: checked before `add`, because almost no score is. */
  admits(score: number): boolean {
    return score * this.#sign > this.#threshold;
  }

  add(site: ScoredSite): void {
    const at = this.sites.findIndex((other) => (site.score - other.score) * this.#sign > 0);
    this.sites.splice(at === -1 ? this.sites.length : at, 0, site);
    this.sites.length = Math.min(this.sites.length, this.#most);
    const last = this.sites.at(-1);
    if (last && this.sites.length === this.#most) this.#threshold = last.score * this.#sign;
  }
}

/**
 * Computes the statistics in one pass: a protein has up to 190,000 substitutions, too many to sort for the best few.
 *
 * @param most most variants in `best` and in `worst`
 */
export function overview({ heatmap, sequence, numbering_offset: offset }: VariantEffects, most: number): Overview {
  const highest = new Extremes(most, 1);
  const lowest = new Extremes(most, -1);
  let count = 0;
  let sum = 0;
  for (const [column, wildType] of Array.from(sequence).entries()) {
    for (const [row, scores] of heatmap.entries()) {
      const score = scores[column] ?? null;
      const mutant = AMINO_ACIDS.charAt(row);
      if (score === null || mutant === wildType) continue;
      count += 1;
      sum += score;
      for (const extremes of [highest, lowest]) {
        if (extremes.admits(score)) extremes.add({ wildType, position: column + 1 + offset, mutant, score });
      }
    }
  }
  return { count, mean: count === 0 ? 0 : sum / count, best: highest.sites, worst: lowest.sites };
}

/** A variant in both notations, with its rounded score. */
export function scoredVariant(variant: Variant, score: number | null): ScoredVariant {
  return { variant: formatVariant(variant), hgvs: variantLabel(variant), score: rounded(score) };
}

/** The rounded mean of the values that are not null; null if there are none. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : rounded(known.reduce((sum, value) => sum + value, 0) / known.length);
}

/** A score, rounded to four decimals. */
export function rounded(score: number): number;
export function rounded(score: number | null): number | null;
export function rounded(score: number | null): number | null {
  // Adding 0 turns -0 into 0.
  return score === null ? null : Math.round(score * STEPS) / STEPS + 0;
}
