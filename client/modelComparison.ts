import { spearman } from "./statistics.js";

/** A substitution that both versions scored. */
export interface ScoredPair {
  readonly position: number;
  readonly wildType: string;
  readonly a: number;
  readonly b: number;
}

/** A protein that both versions scored. */
export interface ProteinPair {
  readonly sequence_sha256: string;
  readonly scoring: string;
  readonly pairs: readonly ScoredPair[];
}

/** One attempt of a job of a version. Times are in seconds. */
export interface VersionJob {
  readonly state: string;
  readonly sequence_length: number;
  /** From submission to end. */
  readonly seconds: number | null;
  /** That the model computed; null if there is no result. */
  readonly gpu_seconds: number | null;
}

/** How two versions differ on one protein. */
export interface ProteinDifference {
  readonly sequence_sha256: string;
  readonly scoring: string;
  readonly compared: number;
  /** Null for fewer than two substitutions. */
  readonly spearman: number | null;
  /** Mean absolute difference of the llr. */
  readonly mean_difference: number;
}

/** A position on which two versions differ. */
export interface PositionDifference {
  readonly sequence_sha256: string;
  readonly scoring: string;
  readonly position: number;
  readonly wild_type: string;
  /** Mean absolute difference of the llr. */
  readonly difference: number;
}

/** How the jobs of a version went. */
export interface VersionWork {
  readonly attempts: number;
  readonly completed: number;
  readonly failed: number;
  /** Null without an ended attempt. */
  readonly failure_rate: number | null;
  readonly p50_seconds: number | null;
  readonly p95_seconds: number | null;
  readonly residues: number;
  /** Null where no result says how long it took. */
  readonly gpu_seconds_per_1000_residues: number | null;
}

/** How two versions differ on the proteins that both scored. */
export interface ScoreComparison {
  readonly proteins: readonly ProteinDifference[];
  readonly mean_spearman: number | null;
  /** Those that differ most, largest first. */
  readonly positions: readonly PositionDifference[];
}

/**
 * Compares the scores of two versions.
 *
 * @param most positions that are returned
 */
export function compareScores(proteins: readonly ProteinPair[], most = 20): ScoreComparison {
  const differences = proteins.map(({ pairs, ...of }) => ({
    ...of,
    compared: pairs.length,
    spearman: spearman(
      pairs.map(({ a }) => a),
      pairs.map(({ b }) => b),
    ),
    mean_difference: meanDifference(pairs),
  }));
  const correlations = differences.flatMap((one) => one.spearman ?? []);
  return {
    proteins: differences,
    mean_spearman: correlations.length === 0 ? null : mean(correlations),
    positions: proteins
      .flatMap(positionsOf)
      .sort((one, other) => other.difference - one.difference || one.position - other.position)
      .slice(0, most),
  };
}

/** How the jobs of a version went: latency of the completed ones, failures, and work of the GPU. */
export function summariseJobs(jobs: readonly VersionJob[]): VersionWork {
  const completed = jobs.filter(({ state }) => state === "completed");
  const failed = jobs.filter(({ state }) => state === "failed" || state === "expired");
  const times = completed.flatMap(({ seconds }) => seconds ?? []).sort((one, other) => one - other);
  const timed = completed.filter(({ gpu_seconds }) => gpu_seconds !== null);
  const residues = sum(timed.map(({ sequence_length }) => sequence_length));
  const ended = completed.length + failed.length;
  return {
    attempts: jobs.length,
    completed: completed.length,
    failed: failed.length,
    failure_rate: ended === 0 ? null : failed.length / ended,
    p50_seconds: quantile(times, 0.5),
    p95_seconds: quantile(times, 0.95),
    residues: sum(completed.map(({ sequence_length }) => sequence_length)),
    gpu_seconds_per_1000_residues:
      residues === 0 ? null : (1_000 * sum(timed.map(({ gpu_seconds }) => gpu_seconds ?? 0))) / residues,
  };
}

function positionsOf({ sequence_sha256, scoring, pairs }: ProteinPair): PositionDifference[] {
  const byPosition = new Map<number, ScoredPair[]>();
  for (const pair of pairs) byPosition.set(pair.position, [...(byPosition.get(pair.position) ?? []), pair]);
  return [...byPosition].map(([position, some]) => ({
    sequence_sha256,
    scoring,
    position,
    wild_type: some[0]?.wildType ?? "",
    difference: meanDifference(some),
  }));
}

function meanDifference(pairs: readonly ScoredPair[]): number {
  return pairs.length === 0 ? 0 : mean(pairs.map(({ a, b }) => Math.abs(a - b)));
}

/** The smallest value that at least this part of the sorted values does not exceed. */
function quantile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(Math.ceil(part * sorted.length) - 1, 0)] ?? null;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
