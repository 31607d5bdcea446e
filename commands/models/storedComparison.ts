import type { ProteinPair, ScoredPair, VersionJob } from "../../client/modelComparison.js";
import type { QueryRows, Value } from "../query/rows.js";

/** A completed job whose result cannot be read. */
export interface UnreadableResult {
  readonly output_id: string;
  readonly reason: string;
}

/** What two versions have in the result store or the ledger. */
export interface ComparedVersions {
  readonly proteins: readonly ProteinPair[];
  /** Jobs of proteins that both scored, and that the comparison leaves out. */
  readonly unreadable: readonly UnreadableResult[];
  readonly jobs: { readonly a: readonly VersionJob[]; readonly b: readonly VersionJob[] };
}

/** Runs one query of the result store. */
export type RunQuery = (sql: string) => Promise<QueryRows>;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads two versions from the result store. They are told apart by image and weights, not by name, so that rows of another
 * image under the same name do not count.
 *
 * @param a `model_version` of the record
 * @param most proteins, those with the latest results
 * @throws RangeError for what is no version
 */
export async function fromStore(run: RunQuery, a: string, b: string, most: number): Promise<ComparedVersions> {
  for (const digest of [a, b]) if (!DIGEST.test(digest)) throw new RangeError(`'${digest}' is no model version.`);
  const [jobs, scores] = [await run(jobsSql(a, b)), await run(scoresSql(a, b, most))];
  const ofVersion = (version: string): VersionJob[] =>
    objects(jobs)
      .filter((row) => row["image_digest"] === version)
      .map((row) => ({
        state: String(row["state"]),
        sequence_length: Number(row["sequence_length"]),
        seconds: numberOf(row["seconds"]),
        gpu_seconds: numberOf(row["gpu_seconds"]),
      }));
  return { proteins: proteinsOf(objects(scores)), unreadable: [], jobs: { a: ofVersion(a), b: ofVersion(b) } };
}

/** The SQL runs in Athena and in DuckDB. */
function jobsSql(a: string, b: string): string {
  return `SELECT image_digest, state, sequence_length, seconds, gpu_seconds
FROM jobs
WHERE image_digest IN ('${a}', '${b}')`;
}

/** Equal variants of one protein can be in several jobs: they are counted once. */
function scoresSql(a: string, b: string, most: number): string {
  const of = (digest: string): string => `SELECT sequence_sha256, scoring, position, wild_type, mutant, max(llr) AS llr,
    max(scored_at) AS scored_at
  FROM results
  WHERE image_digest = '${digest}' AND position IS NOT NULL
  GROUP BY sequence_sha256, scoring, position, wild_type, mutant`;
  return `WITH a AS (
  ${of(a)}
), b AS (
  ${of(b)}
), latest AS (
  SELECT sequence_sha256 AS protein, max(scored_at) AS last_scored
  FROM b
  WHERE sequence_sha256 IN (SELECT sequence_sha256 FROM a)
  GROUP BY sequence_sha256
  ORDER BY last_scored DESC, protein
  LIMIT ${most}
)
SELECT a.sequence_sha256 AS sequence_sha256, a.scoring AS scoring, a.position AS position, a.wild_type AS wild_type,
  a.llr AS llr_a, b.llr AS llr_b
FROM a
JOIN b ON a.sequence_sha256 = b.sequence_sha256 AND a.scoring = b.scoring AND a.position = b.position AND a.mutant = b.mutant
JOIN latest ON latest.protein = a.sequence_sha256
ORDER BY sequence_sha256, scoring, position`;
}

function proteinsOf(rows: readonly Readonly<Record<string, Value>>[]): ProteinPair[] {
  const proteins = new Map<string, { of: Omit<ProteinPair, "pairs">; pairs: ScoredPair[] }>();
  for (const row of rows) {
    const of = { sequence_sha256: String(row["sequence_sha256"]), scoring: String(row["scoring"]) };
    const key = `${of.sequence_sha256} ${of.scoring}`;
    const known = proteins.get(key) ?? { of, pairs: [] };
    known.pairs.push({
      position: Number(row["position"]),
      wildType: String(row["wild_type"]),
      a: Number(row["llr_a"]),
      b: Number(row["llr_b"]),
    });
    proteins.set(key, known);
  }
  return [...proteins.values()].map(({ of, pairs }) => ({ ...of, pairs }));
}

function objects({ columns, rows }: QueryRows): Record<string, Value>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
}

function numberOf(value: Value | undefined): number | null {
  return typeof value === "number" ? value : null;
}
