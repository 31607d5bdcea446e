import type { Scoring } from "../../contract/jobs.js";
import { existsSync } from "node:fs";
import { UsageError } from "../command.js";
import { scoreProtein } from "../scoring/scoreProtein.js";
import { proteinsOf } from "./proteins.js";
import { isOutputId, readResult, type NamedResult } from "./readResult.js";
import { withTarget, type TargetOptions } from "./target.js";

/** How a protein that has no result yet is scored. */
export interface ProteinOptions extends TargetOptions {
  readonly scoring: Scoring;
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
  const [record, ...others] = await proteinsOf([text]);
  if (record === undefined || others.length > 0) {
    throw new UsageError(`file '${text}' has ${1 + others.length} records; give a file with the one protein.`);
  }
  const { name } = record;
  const submission = { sequence: record.text, scoring: options.scoring, ...(name !== undefined && { name }) };
  return withTarget(options, async (target) => {
    let said = "";
    const { result, notes } = await scoreProtein(target, submission, {
      onProgress: ({ phase }) => {
        if (!options.json && phase !== said && phase !== "completed") console.error(`${phase} ...`);
        said = phase;
      },
    });
    for (const note of notes) console.error(note);
    return { name: name ?? "protein", result };
  });
}
