import { hgvsLabel } from "../../contract/aminoAcids.js";
import type { VariantEffects } from "../../contract/result.js";
import type { Columns, ColumnType, RESULT_TABLES } from "../../contract/resultStore.js";
import { parseVariant } from "../../contract/variants.js";
import type { EndedJob } from "./endedJob.js";

interface Values {
  readonly string: string;
  readonly int: number;
  readonly double: number;
  readonly timestamp: Date;
}

/** One value of a column: null if there is none. */
type Value<Type extends ColumnType> = Values[Type] | null;

/** A row of a table. */
export type Row<Table extends Columns> = { readonly [Name in keyof Table]: Value<Table[Name]> };

type ResultRow = Row<typeof RESULT_TABLES.results>;
type JobRow = Row<typeof RESULT_TABLES.jobs>;

/**
 * The rows of a completed job: one per scored substitution, by position, then the requested multiple mutants. The wild
 * type itself and cells that were not scored have no row.
 *
 * @param job as recorded in the ledger
 * @param result the job's result
 */
export function resultRows(job: EndedJob, result: VariantEffects): ResultRow[] {
  const common = { ...originOf(job, result), scored_at: new Date(job.completed_at) };
  const mutants = Array.from(result.amino_acids);
  const rows: ResultRow[] = [];
  for (const [column, wildType] of Array.from(result.sequence).entries()) {
    const position = column + 1 + result.numbering_offset;
    for (const [row, mutant] of mutants.entries()) {
      const llr = result.heatmap[row]?.[column] ?? null;
      if (llr === null || mutant === wildType) continue;
      rows.push({
        ...common,
        position,
        wild_type: wildType,
        mutant,
        hgvs: hgvsLabel(wildType, position, mutant),
        llr,
        percentile: result.percentiles?.[row]?.[column] ?? null,
      });
    }
  }
  return rows.concat(multipleMutants(result).map((mutant) => ({ ...common, ...mutant })));
}

/**
 * The row of an attempt that has ended.
 *
 * @param job as recorded in the ledger
 * @param scored the result and the number of its rows in `results`; undefined if there is none that can be read
 */
export function jobRow(
  job: EndedJob,
  scored: { readonly result: VariantEffects; readonly variants: number } | undefined,
): JobRow {
  const [submitted, completed] = [new Date(job.submitted_at), new Date(job.completed_at)];
  return {
    ...originOf(job, scored?.result),
    state: job.state,
    reason: job.reason ?? null,
    submitted_at: submitted,
    completed_at: completed,
    seconds: (completed.getTime() - submitted.getTime()) / 1_000,
    gpu_seconds: scored === undefined ? null : computeSeconds(scored.result),
    sequence_length: job.sequence_length,
    variants: scored?.variants ?? null,
  };
}

/** The model's own revision, a commit, says more than the one that was asked for, which can be a branch. */
function originOf(job: EndedJob, result: VariantEffects | undefined) {
  return {
    output_id: job.output_id,
    attempt: job.attempt,
    sequence_sha256: job.sequence_sha256,
    model: job.model,
    revision: result?.model.revision ?? job.revision,
    image_digest: job.image_digest,
    model_version: job.model_version ?? null,
    weights: result?.model.weights ?? null,
    scoring: job.scoring,
  };
}

function multipleMutants({ variants }: VariantEffects) {
  return variants
    .filter(({ variant }) => parseVariant(variant).length > 1)
    .map(({ hgvs, score }) => ({ position: null, wild_type: null, mutant: null, hgvs, llr: score, percentile: null }));
}

function computeSeconds({ timing }: VariantEffects): number | null {
  const { compute_s: seconds } = timing;
  return typeof seconds === "number" ? seconds : null;
}
