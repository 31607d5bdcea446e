import { ToolError } from "../../contract/errors.js";
import { sequenceSha256, type LedgerItem } from "../../contract/jobs.js";
import { variantEffects, type VariantEffects } from "../../contract/result.js";

/** What a result is checked against. */
type ResultOwner = Pick<LedgerItem, "output_id" | "output_location" | "sequence_sha256">;

/** Most fields that an error names. */
const NAMED_FIELDS = 3;

/**
 * Parses the stored result of a job.
 *
 * @param text the content of the output object; undefined if there is no such object
 * @param job the job whose result it should be
 * @throws ToolError `RESULT_UNREADABLE` if it is missing, is not JSON, does not match the schema, or is of another protein
 */
export function readResult(text: string | undefined, job: ResultOwner): VariantEffects {
  if (text === undefined) throw unreadable(job, "was deleted");
  const parsed = variantEffects.safeParse(parseJson(text, job));
  if (!parsed.success) {
    // Only the fields' names: their values can be residues.
    const fields = parsed.error.issues.slice(0, NAMED_FIELDS).map(({ path }) => path.join(".") || "the top level");
    throw unreadable(job, `does not match the schema at ${fields.join(", ")}`);
  }
  const result = parsed.data;
  const { sequence, sequence_length: length } = result;
  const rows = [...result.heatmap, result.sensitivity];
  if (sequence.length !== length || rows.some((row) => row.length !== length)) {
    throw unreadable(job, `has rows that do not have the length of its ${length} residues`);
  }
  if (sequenceSha256(sequence) !== job.sequence_sha256) throw unreadable(job, "is of another protein");
  return result;
}

function parseJson(text: string, job: ResultOwner): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's message: it quotes the text, which has residues.
    throw unreadable(job, "is not JSON");
  }
}

function unreadable(job: ResultOwner, problem: string): ToolError {
  return new ToolError(
    "RESULT_UNREADABLE",
    `The stored result ${problem}; submit the protein again to compute it again.`,
    {
      details: { output_id: job.output_id, s3_output_path: job.output_location },
    },
  );
}
