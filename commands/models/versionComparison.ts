import { compareScores, summariseJobs, type ScoreComparison, type VersionWork } from "../../client/modelComparison.js";
import { pairedDifference, type PairedDifference } from "../../client/statistics.js";
import { pairedScores, scoreAssay, spearmanOf, type NamedAssay } from "./assays.js";
import type { Scorer } from "../scoring/scoreProtein.js";
import type { DeployedVersion } from "./modelRegistry.js";
import type { ComparedVersions, UnreadableResult } from "./storedComparison.js";

/** A version, as a comparison names it. */
export type ComparedVersion = Pick<DeployedVersion, "name" | "model_id" | "revision" | "model_version">;

/** How two versions agree with assays. */
export interface AssayComparison {
  readonly assays: readonly {
    readonly name: string;
    readonly variants: number;
    readonly spearman_a: number | null;
    readonly spearman_b: number | null;
  }[];
  /** Null where one of the assays has no correlation. */
  readonly paired: PairedDifference | null;
}

/** The comparison of two versions, as `vep models compare --json` prints it. */
export interface VersionComparison {
  readonly a: ComparedVersion;
  readonly b: ComparedVersion;
  /** Where scores and jobs come from. */
  readonly source: string;
  readonly scores: ScoreComparison;
  /** Jobs that are left out of the scores, because their result cannot be read. */
  readonly unreadable: readonly UnreadableResult[];
  readonly work: { readonly a: VersionWork; readonly b: VersionWork };
  /** Null without assays. */
  readonly validation: AssayComparison | null;
}

/** Puts a comparison together. */
export function versionComparison(
  [a, b]: readonly [DeployedVersion, DeployedVersion],
  source: string,
  found: ComparedVersions,
  validation: AssayComparison | null,
): VersionComparison {
  return {
    a: named(a),
    b: named(b),
    source,
    scores: compareScores(found.proteins),
    unreadable: found.unreadable,
    work: { a: summariseJobs(found.jobs.a), b: summariseJobs(found.jobs.b) },
    validation,
  };
}

/** Scores the proteins of assays by both versions, and compares how well they agree with the measurements. */
export async function compareWithAssays(
  assays: readonly NamedAssay[],
  [a, b]: readonly [string, string],
  scorer: Scorer,
): Promise<AssayComparison> {
  const both = [];
  for (const assay of assays) {
    both.push({ a: await scoreAssay(assay, a, scorer), b: await scoreAssay(assay, b, scorer) });
  }
  return {
    assays: both.map((pair) => ({
      name: pair.a.name,
      variants: spearmanOf(pair.a).variants,
      spearman_a: spearmanOf(pair.a).spearman,
      spearman_b: spearmanOf(pair.b).spearman,
    })),
    paired: pairedDifference(both.map((pair) => pairedScores(pair.a, pair.b))),
  };
}

function named({ name, model_id, revision, model_version }: DeployedVersion): ComparedVersion {
  return { name, model_id, revision, model_version };
}
