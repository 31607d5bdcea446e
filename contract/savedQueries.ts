/** A query of the result store that is saved in Athena. */
export interface SavedQuery {
  /** What it answers, and what to change in its text. */
  readonly description: string;
  /** SQL that runs in Athena and in DuckDB. */
  readonly sql: string;
}

/** The saved queries, by name. Equal variants of one protein can be in several jobs: they are counted once. */
export const SAVED_QUERIES = {
  "best-variants": {
    description: "The 20 variants with the highest score across all proteins; change LIMIT for more.",
    sql: `
SELECT hgvs, max(llr) AS llr, max(percentile) AS percentile, model, scoring, sequence_sha256
FROM results
GROUP BY sequence_sha256, hgvs, model, scoring
ORDER BY llr DESC, sequence_sha256, hgvs, model, scoring
LIMIT 20`,
  },
  "position-across-proteins": {
    description:
      "One position across all proteins, such as homologues in one numbering: change 10 to the position. " +
      "The mean score says how well the position tolerates substitutions.",
    sql: `
SELECT wild_type, position, avg(llr) AS mean_llr, max(llr) AS best_llr,
  max_by(mutant, llr) AS best_mutant, model, scoring, sequence_sha256
FROM results
WHERE position = 10
GROUP BY sequence_sha256, wild_type, position, model, scoring
ORDER BY mean_llr DESC, sequence_sha256, model, scoring`,
  },
  "model-disagreement": {
    description:
      "The 50 variants on which two models disagree most, by the difference of their percentiles in the protein.",
    sql: `
WITH scores AS (
  SELECT sequence_sha256, hgvs, scoring, model, max(llr) AS llr, max(percentile) AS percentile
  FROM results
  GROUP BY sequence_sha256, hgvs, scoring, model
)
SELECT a.hgvs, a.scoring, a.model AS model_a, b.model AS model_b, a.llr AS llr_a, b.llr AS llr_b,
  abs(a.percentile - b.percentile) AS difference, a.sequence_sha256
FROM scores a
JOIN scores b ON a.sequence_sha256 = b.sequence_sha256 AND a.hgvs = b.hgvs AND a.scoring = b.scoring AND a.model < b.model
WHERE a.percentile IS NOT NULL AND b.percentile IS NOT NULL
ORDER BY difference DESC, a.sequence_sha256, a.hgvs, a.scoring, a.model, b.model
LIMIT 50`,
  },
  "constrained-positions": {
    description: "The 50 positions that tolerate substitutions least: those with the lowest mean score.",
    sql: `
SELECT position, wild_type, avg(llr) AS mean_llr, max(llr) AS best_llr, model, scoring, sequence_sha256
FROM results
WHERE position IS NOT NULL
GROUP BY sequence_sha256, position, wild_type, model, scoring
ORDER BY mean_llr, sequence_sha256, position, model, scoring
LIMIT 50`,
  },
  "failures-by-reason": {
    description: "Attempts that failed or expired, by the first part of their reason, which is the model's error code.",
    sql: `
SELECT state, split_part(reason, ':', 1) AS cause, count(*) AS attempts, count(DISTINCT output_id) AS jobs,
  max(completed_at) AS latest, max(reason) AS example
FROM jobs
WHERE state <> 'completed'
GROUP BY state, split_part(reason, ':', 1)
ORDER BY attempts DESC, state, cause`,
  },
  "jobs-by-day": {
    description: "Attempts, outcomes, residues, and seconds of the model by day and model.",
    sql: `
SELECT day, model, count(*) AS attempts, sum(CASE WHEN state = 'completed' THEN 1 ELSE 0 END) AS completed,
  sum(CASE WHEN state = 'completed' THEN 0 ELSE 1 END) AS failed, sum(sequence_length) AS residues,
  sum(gpu_seconds) AS gpu_seconds, avg(seconds) AS mean_seconds, max(seconds) AS longest_seconds
FROM jobs
GROUP BY day, model
ORDER BY day DESC, model`,
  },
  "unstored-results": {
    description: "Completed jobs whose variants are not in the store, because their result was deleted or unreadable.",
    sql: `
SELECT output_id, attempt, model, completed_at
FROM jobs
WHERE state = 'completed' AND variants IS NULL
ORDER BY completed_at DESC, output_id`,
  },
} as const satisfies Readonly<Record<string, SavedQuery>>;

export type SavedQueryName = keyof typeof SAVED_QUERIES;
