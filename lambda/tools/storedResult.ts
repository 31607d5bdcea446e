import { ToolError } from "../../contract/errors.js";
import { sequenceSha256, type LedgerItem } from "../../contract/jobs.js";
import { variantEffects, type VariantEffects } from "../../contract/result.js";

/** How many faults of a result's shape an error names. */
const NAMED_FAULTS = 3;

/**
 * Reads a job's stored result.
 *
 * @param text the output object; undefined where it is gone
 * @param job whose result it should be
 * @throws ToolError `RESULT_UNREADABLE` where it is gone, no JSON, of another shape, or of another protein
 */
export function readResult(text: string | undefined, job: LedgerItem): VariantEffects {
  if (text === undefined) throw unreadable(job, "was deleted or archived");
  const parsed = variantEffects.safeParse(parseJson(text, job));
  if (!parsed.success) {
    // Only where, not what: what stands there may be residues.
    const places = parsed.error.issues.slice(0, NAMED_FAULTS).map(({ path }) => path.join(".") || "the whole");
    throw unreadable(job, `has another shape than expected at ${places.join(", ")}`);
  }
  const result = parsed.data;
  const { sequence, sequence_length: length } = result;
  const rows = [...result.heatmap, result.sensitivity];
  if (sequence.length !== length || rows.some((row) => row.length !== length)) {
    throw unreadable(job, `has rows of other lengths than its ${length} residues`);
  }
  if (sequenceSha256(sequence) !== job.sequence_sha256) throw unreadable(job, "is another protein's");
  return result;
}

function parseJson(text: string, job: LedgerItem): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and so residues.
    throw unreadable(job, "is no JSON");
  }
}

function unreadable(job: LedgerItem, how: string): ToolError {
  return new ToolError(
    "RESULT_UNREADABLE",
    `The stored result ${how}; submit the protein again to have it made anew.`,
    {
      details: { output_id: job.output_id, s3_output_path: job.output_location },
    },
  );
}
