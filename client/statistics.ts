import { generator } from "./random.js";

/** Indices of values in ascending order, equal values in one group. */
type Groups = readonly (readonly number[])[];

/** The bounds of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How many of the best by measurement are among the best by prediction. */
export interface TopRecall {
  /** Number of the best by measurement. */
  readonly best: number;
  /** Number of the best by prediction. */
  readonly chosen: number;
  /** Number that are both. */
  readonly found: number;
  /** `found / best` */
  readonly recall: number;
  /** The recall that a random prediction has on average. */
  readonly chance: number;
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values with the mean of their ranks.
 *
 * @returns null for fewer than two pairs, or where one side has a single value
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  return rankCorrelation(
    groupsOf(first),
    groupsOf(second),
    first.map(() => 1),
  );
}

/**
 * The 95 % interval of Spearman's rank correlation, by the percentile bootstrap: pairs are drawn with replacement. The
 * same pairs give the same interval.
 *
 * @param samples number of bootstrap samples. Default: 1,000
 * @returns null where there is no correlation, see `spearman`
 * @see Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13
 */
export function spearmanInterval(
  first: readonly number[],
  second: readonly number[],
  samples = 1_000,
): Interval | null {
  const groups = [groupsOf(first), groupsOf(second)] as const;
  const random = generator();
  const counts = first.map(() => 0);
  const drawn = Array.from({ length: samples }, () => {
    draw(counts, random);
    return rankCorrelation(...groups, counts);
  });
  return middleOf(drawn.filter((value) => value !== null));
}

/** The variants of one assay with the scores of two predictors. */
export interface PairedScores {
  readonly measured: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** How much two predictors differ in their mean Spearman over some assays. */
export interface PairedDifference {
  readonly mean_a: number;
  readonly mean_b: number;
  /** `mean_b - mean_a`: above 0, b is better. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: Interval;
}

/**
 * The difference of the mean Spearman of two predictors, with its 95 % interval by the paired bootstrap: within each assay,
 * variants are drawn with replacement, the same ones for both. So what makes an assay hard for both cancels out. The interval
 * is about variants, not about assays: it says nothing about assays of other proteins.
 *
 * @param samples number of bootstrap samples. Default: 1,000
 * @returns null where an assay has no correlation, see `spearman`
 */
export function pairedDifference(assays: readonly PairedScores[], samples = 1_000): PairedDifference | null {
  const random = generator();
  const grouped = assays.map(({ measured, a, b }) => ({
    measured: groupsOf(measured),
    a: groupsOf(a),
    b: groupsOf(b),
    counts: measured.map(() => 1),
  }));
  const means = (): { readonly a: number; readonly b: number } | null => {
    let [a, b] = [0, 0];
    for (const assay of grouped) {
      const [ofA, ofB] = [assay.a, assay.b].map((side) => rankCorrelation(side, assay.measured, assay.counts));
      if (ofA == null || ofB == null) return null;
      [a, b] = [a + ofA / grouped.length, b + ofB / grouped.length];
    }
    return grouped.length === 0 ? null : { a, b };
  };
  const whole = means();
  if (whole === null) return null;
  const differences: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    for (const { counts } of grouped) draw(counts, random);
    const drawn = means();
    if (drawn !== null) differences.push(drawn.b - drawn.a);
  }
  const interval = middleOf(differences);
  return interval && { mean_a: whole.a, mean_b: whole.b, difference: whole.b - whole.a, interval };
}

/** Draws as many indices as there are, with replacement: how often each was drawn. */
function draw(counts: number[], random: () => number): void {
  counts.fill(0);
  for (let drawn = 0; drawn < counts.length; drawn++) {
    const index = Math.floor(random() * counts.length);
    counts[index] = (counts[index] ?? 0) + 1;
  }
}

/** The interval that holds 95 % of the values; null without values. */
function middleOf(values: number[]): Interval | null {
  values.sort((a, b) => a - b);
  const [low, high] = [values[Math.floor(0.025 * values.length)], values[Math.ceil(0.975 * values.length) - 1]];
  return low === undefined || high === undefined ? null : { low, high };
}

/**
 * Area under the ROC curve: how often a positive has a higher value than a negative; equal values count half.
 *
 * @returns null where one of the two is missing
 */
export function auc(values: readonly number[], positive: readonly boolean[]): number | null {
  const ranks = midRanks(
    groupsOf(values),
    values.map(() => 1),
  );
  const positives = positive.filter(Boolean).length;
  const negatives = values.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const sum = ranks.reduce((total, rank, index) => total + (positive[index] === true ? rank : 0), 0);
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The recall of the best values, as ProteinGym's "top 10 % recall".
 *
 * @param share of all values that count as best; values equal to the last of them count too. Default: 0.1
 */
export function topRecall(predicted: readonly number[], measured: readonly number[], share = 0.1): TopRecall {
  const number = Math.max(1, Math.round(measured.length * share));
  const [chosen, best] = [atLeast(predicted, number), atLeast(measured, number)];
  const found = best.filter((isBest, index) => isBest && chosen[index] === true).length;
  const [most, picked] = [best.filter(Boolean).length, chosen.filter(Boolean).length];
  return { best: most, chosen: picked, found, recall: found / most, chance: picked / measured.length };
}

/** Which values are among the largest ones. */
function atLeast(values: readonly number[], number: number): boolean[] {
  const threshold = values.toSorted((a, b) => b - a)[number - 1] ?? Infinity;
  return values.map((value) => value >= threshold);
}

function groupsOf(values: readonly number[]): Groups {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const groups: number[][] = [];
  let last: number | undefined;
  for (const { value, index } of order) {
    if (value === last) groups.at(-1)?.push(index);
    else groups.push([index]);
    last = value;
  }
  return groups;
}

/** Ranks where each value occurs as often as its count says. */
function midRanks(groups: Groups, counts: readonly number[]): number[] {
  const ranks = new Array<number>(counts.length);
  let before = 0;
  for (const group of groups) {
    const size = group.reduce((sum, index) => sum + (counts[index] ?? 0), 0);
    for (const index of group) ranks[index] = before + (size + 1) / 2;
    before += size;
  }
  return ranks;
}

function rankCorrelation(first: Groups, second: Groups, counts: readonly number[]): number | null {
  const [x, y] = [midRanks(first, counts), midRanks(second, counts)];
  const middle = (counts.reduce((sum, count) => sum + count, 0) + 1) / 2;
  let [covariance, spreadX, spreadY] = [0, 0, 0];
  counts.forEach((count, index) => {
    const [dx, dy] = [(x[index] ?? middle) - middle, (y[index] ?? middle) - middle];
    covariance += count * dx * dy;
    spreadX += count * dx * dx;
    spreadY += count * dy * dy;
  });
  const spread = Math.sqrt(spreadX * spreadY);
  return spread === 0 ? null : covariance / spread;
}
