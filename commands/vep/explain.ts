import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { renderReport } from "../../client/report/renderReport.js";
import { reportData } from "../../client/report/reportData.js";
import { wholeResult } from "../../client/results.js";
import { renderEvidence } from "../../client/terminal/evidenceTable.js";
import type { WorkflowsClient } from "../../client/workflows.js";
import { isAccession } from "../../contract/accession.js";
import type { SourceGroup } from "../../contract/evidence.js";
import type { EvidenceTable } from "../../contract/evidenceTable.js";
import type { WorkflowInput } from "../../contract/workflow.js";
import { UsageError } from "../command.js";
import { interruptible } from "./interrupt.js";
import { withTarget, type Target, type TargetOptions } from "./target.js";
import { workflowsOf } from "./workflows.js";

/** Options of `vep explain`. */
export interface ExplainOptions extends TargetOptions {
  readonly variants?: string;
  readonly accession?: string;
  /** FASTA file of homologues. */
  readonly homologues?: string;
  /** JSON file of regions of genomes. */
  readonly regions?: string;
  readonly aligner?: "clustalo" | "mafft";
  readonly sources?: SourceGroup[];
  readonly shareSequence?: boolean;
  /** False with `--no-score`. */
  readonly score: boolean;
  readonly name?: string;
  /** Page that is written. */
  readonly out?: string;
  /** Most rows that are shown. */
  readonly rows: number;
  readonly json?: boolean;
}

/**
 * Gathers what is known about a protein, waits, and shows it.
 *
 * @param protein accession, sequence, or a FASTA file with one protein; undefined where regions give it
 * @returns the exit code: 0 only when the workflow completed
 */
export async function explainProtein(protein: string | undefined, options: ExplainOptions): Promise<number> {
  const input = inputOf(protein, options);
  return withTarget({ ...options, twinConfig: { evidence: "true" } }, async (target) => {
    const say = (message: string): void => {
      if (!options.json) console.error(message);
    };
    const client = workflowsOf(target);
    const { workflow_id: id, notes = [] } = await started(client, input);
    for (const note of notes) say(note);
    say(`Workflow ${id}: gathering the evidence.`);
    const { status, reason = "" } = await waited(client, id, say);
    if (status !== "completed") {
      console.error(`The workflow ${status === "failed" ? "failed" : `is ${status}`}: ${reason}`);
      return 1;
    }
    const table = await client.table(id);
    console.log(options.json ? JSON.stringify(table) : renderEvidence(table, options.rows));
    if (options.out !== undefined) await writePage(table, options.out, target, say);
    return 0;
  });
}

function inputOf(protein: string | undefined, options: ExplainOptions): WorkflowInput {
  const { accession, aligner, homologues, name, regions, score, shareSequence, sources, variants } = options;
  if (protein === undefined && regions === undefined) {
    throw new UsageError("missing argument 'protein': give an accession, a sequence or a FASTA file, or --regions.");
  }
  const isFile = protein !== undefined && existsSync(protein);
  const text = isFile ? readText(protein) : protein;
  const named = text !== undefined && !isFile && isAccession(text.toUpperCase());
  return {
    ...(text !== undefined && (named ? { accession: text.toUpperCase() } : { sequence: text })),
    ...(accession !== undefined && { accession }),
    ...(regions !== undefined && { regions: readRegions(regions) }),
    ...(variants !== undefined && { variants }),
    ...(homologues !== undefined && { homologues: readText(homologues) }),
    ...(aligner && { aligner }),
    ...(sources && { sources }),
    ...(shareSequence && { share_sequence: true }),
    ...(!score && { score }),
    ...(name !== undefined && { name }),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`file '${file}' cannot be read.`);
  }
}

function readRegions(file: string): NonNullable<WorkflowInput["regions"]> {
  let content: unknown;
  try {
    content = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`file '${file}' is not JSON.`);
  }
  const list = Array.isArray(content) ? content : (content as { seq_regions?: unknown } | null)?.seq_regions;
  if (!Array.isArray(list)) throw new UsageError(`file '${file}' is neither a list nor an object with seq_regions.`);
  return list as NonNullable<WorkflowInput["regions"]>;
}

async function started(
  client: WorkflowsClient,
  input: WorkflowInput,
): Promise<Awaited<ReturnType<typeof client.start>>> {
  try {
    return await client.start(input);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    throw new UsageError("the stack has no workflows: set the key with pulumi config set evidence true, and deploy.");
  }
}

/** Waits; interrupted, it says how to go on. */
async function waited(
  client: WorkflowsClient,
  id: string,
  say: (message: string) => void,
): Promise<{ readonly status: string; readonly reason?: string }> {
  return interruptible(async (signal) => {
    try {
      return await client.ended(id, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      say("Interrupted: the workflow goes on.");
      return { status: "running", reason: "this command was interrupted" };
    }
  });
}

/** Writes the heatmap with its tracks of evidence. */
async function writePage(
  table: EvidenceTable,
  file: string,
  { s3, tools }: Target,
  say: (message: string) => void,
): Promise<void> {
  const { job_id: jobId, status, reason = "" } = table.scores;
  if (status !== "ok" || jobId === undefined) {
    say(`No page: the heatmap needs scores, and the model gave none (${status}${reason === "" ? "" : `: ${reason}`}).`);
    return;
  }
  const result = await wholeResult(await tools.getResults({ output_id: jobId, detail: "full" }), s3);
  writeFileSync(file, await renderReport(reportData(result, table.protein.name, table)));
  say(`Page: ${path.resolve(file)}`);
}
