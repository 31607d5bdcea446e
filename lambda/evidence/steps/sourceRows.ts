import { InputError } from "../../../contract/errors.js";
import type { EvidenceRow, RefusedRow, SourceAnswer } from "../../../contract/evidence.js";
import { s3Uri } from "../../../contract/storage.js";
import { checkWildTypes, parseVariant } from "../../../contract/variants.js";
import type { SourceStatus } from "../../../contract/evidenceTable.js";
import { workflowFile, type AskedSource } from "../../../contract/workflow.js";
import { parseStored } from "../storedJson.js";
import { reasonOfFile, type StepServices } from "./services.js";
import { reasonOf } from "./stateError.js";

/** What the sources say about a protein. */
export interface SourceRows {
  readonly statuses: readonly SourceStatus[];
  readonly rows: readonly EvidenceRow[];
  readonly refused: readonly RefusedRow[];
}

/**
 * Reads the answers of the sources. A source without an answer is unavailable, with the reason of its state: no row takes its
 * place. A row that does not fit the sequence is refused, whatever its source has checked.
 */
export async function readSources(
  workflow: string,
  asked: readonly AskedSource[],
  sequence: string,
  services: StepServices,
): Promise<SourceRows> {
  const answers = await Promise.all(asked.map((one) => answerOf(workflow, one, services)));
  const checked = answers.map((answer) => ({ answer, ...checkedRows(answer, sequence) }));
  return {
    statuses: checked.map(({ answer: { source, status, reason, note }, rows, refused }) => ({
      source,
      status,
      ...(reason !== undefined && { reason }),
      ...(note !== undefined && { note }),
      rows: rows.length,
      refused: refused.length,
    })),
    rows: checked.flatMap(({ rows }) => rows),
    refused: checked.flatMap(({ refused }) => refused),
  };
}

async function answerOf(
  workflow: string,
  { source, error }: AskedSource,
  { objects, settings }: StepServices,
): Promise<SourceAnswer> {
  const unavailable = (reason: string): SourceAnswer => ({
    source,
    status: "unavailable",
    reason,
    rows: [],
    refused: [],
  });
  if (error) return unavailable(reasonOf(error));
  const key = workflowFile(workflow, "sources", `${source}.json`);
  const text = await objects.readText(s3Uri({ bucket: settings.bucketName, key }));
  if (text === undefined) return unavailable("its answer is not there");
  try {
    return parseStored(text, key) as SourceAnswer;
  } catch (fault) {
    return unavailable(reasonOfFile(fault));
  }
}

function checkedRows({ rows, refused }: SourceAnswer, sequence: string): Pick<SourceRows, "rows" | "refused"> {
  const wrong: RefusedRow[] = [];
  const fitting = rows.filter((row) => {
    const reason = misfit(row, sequence);
    if (reason !== undefined) wrong.push({ row, reason });
    return reason === undefined;
  });
  return { rows: fitting, refused: [...refused, ...wrong] };
}

/** Why a row does not fit the sequence; undefined if it does. */
function misfit({ start, end, variant }: EvidenceRow, sequence: string): string | undefined {
  for (const position of [start, end]) {
    if (position !== undefined && (position < 1 || position > sequence.length))
      return `position ${position} is outside the protein of ${sequence.length} residues`;
  }
  if (variant === undefined) return undefined;
  try {
    checkWildTypes([parseVariant(variant)], sequence, 0);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
