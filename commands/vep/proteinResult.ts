import { existsSync } from "node:fs";
import type { Submission } from "../../client/tools.js";
import type { Scoring } from "../../contract/jobs.js";
import { UsageError } from "../command.js";
import { scoreProtein, type ScoredOnce } from "../scoring/scoreProtein.js";
import { interruptedText, interruptible } from "./interrupt.js";
import { nameOf, proteinsOf } from "./proteins.js";
import { isOutputId, readResult, type NamedResult } from "./readResult.js";
import { withTarget, type Target, type TargetOptions } from "./target.js";

/** How a protein that has no result yet is scored. */
export interface ProteinOptions extends TargetOptions {
  readonly scoring: Scoring;
  /** Whether a sequence that looks like DNA is a protein. */
  readonly allowDnaLetters?: boolean;
  readonly json?: boolean;
}

/**
 * The result of one protein: of a result's file or a job's id as it is, else the protein is submitted. An equal request
 * of an earlier run is the same job, so it answers at once.
 *
 * @param text a file that `vep predict` wrote, an id, a FASTA file of one record, a UniProt accession, or a sequence
 * @throws UsageError where it is none of these
 */
export async function proteinResult(text: string, options: ProteinOptions): Promise<NamedResult> {
  if (isOutputId(text) || (text.endsWith(".json") && existsSync(text))) return readResult(text, options);
  const [record, ...others] = await proteinsOf([text], options.allowDnaLetters);
  if (record === undefined || others.length > 0) {
    throw new UsageError(`file '${text}' has ${1 + others.length} records; give a file with the one protein.`);
  }
  const name = record.name === undefined ? undefined : nameOf(record);
  const submission = {
    sequence: record.text,
    scoring: options.scoring,
    ...(name !== undefined && { name }),
    ...(options.allowDnaLetters && { allow_dna_letters: true }),
  };
  return withTarget(options, async (target) => {
    const { result, notes } = await interruptible((signal) => scoredUntil(signal, target, submission, options));
    for (const note of notes) console.error(note);
    return { name: name ?? "protein", result };
  });
}

/** Scores a protein, and says each phase on standard error, unless JSON is asked for. */
async function scoredUntil(
  signal: AbortSignal,
  target: Target,
  submission: Submission,
  { json }: ProteinOptions,
): Promise<ScoredOnce> {
  let [said, id] = ["", ""];
  try {
    return await scoreProtein(target, submission, {
      signal,
      onProgress: ({ outputId, phase }) => {
        if (!json && phase !== said && phase !== "completed") console.error(`${phase} ...`);
        [said, id] = [phase, outputId];
      },
    });
  } catch (error) {
    if (signal.aborted) throw new Error(interruptedText(target, id), { cause: error });
    throw error;
  }
}
