import type { LedgerItem } from "../../../contract/jobs.js";
import {
  ALIGNMENT_ENDED,
  type AlignmentAnswer,
  type Conservation,
  type EvidenceRow,
  type ResolvedProtein,
} from "../../../contract/evidence.js";
import type { VariantEffects } from "../../../contract/result.js";
import { s3Uri } from "../../../contract/storage.js";
import { OWN_KINDS, RESEARCH_USE_ONLY, type EvidenceTable, type PartStatus } from "../../../contract/evidenceTable.js";
import { workflowFile, type Ended, type Gathered } from "../../../contract/workflow.js";
import { readResult } from "../../shared/storedResult.js";
import { withRankCorrelation } from "../alignment/rankCorrelation.js";
import { unlistedText } from "../failures.js";
import { parseStored } from "../storedJson.js";
import { conservationRows, llrRows, outliersOf, scoreProvenance, type Provenance } from "./ownRows.js";
import { readFile, readJson, reasonOfFile, writeFile, type Prepared, type StepServices } from "./services.js";
import { readSources } from "./sourceRows.js";
import { reasonOf } from "./stateError.js";

/**
 * Joins what the branches of a workflow found to one table. Every value is a row with its provenance, and none is combined
 * with another. A part that failed is in the table with its reason.
 */
export async function joinEvidence(state: Gathered, services: StepServices): Promise<void> {
  const { workflow, gathered } = state;
  const [scored, asked] = gathered;
  const prepared = (await readFile(workflow, "prepared", services)) as Prepared;
  const { sequence, ...protein } = (await readFile(workflow, "protein", services)) as ResolvedProtein;
  const sources = await readSources(workflow, asked, sequence, services);
  const scores = await readScores(state, prepared, scored.error && reasonOf(scored.error), services);
  const alignment = await readAlignment(prepared, await endOf(state, services), services);
  const named = new Set([
    ...prepared.variants,
    ...sources.rows.flatMap(({ variant }) => variant ?? []),
    ...Object.keys(alignment.conservation?.seen_in ?? {}),
    ...(scores.found ? outliersOf(scores.found.result) : []),
  ]);
  const { found } = scores;
  const { conservation } = alignment;
  const spearman = found && conservation && withRankCorrelation(conservation, found.result.heatmap).spearman_llr_pssm;
  const rows = [
    ...sources.rows,
    ...(found ? llrRows(found.result, [...named], scoreProvenance(found.result, found.job)) : []),
    ...(conservation ? conservationRows(conservation, [...named], alignment.provenance) : []),
    ...embeddedRows(prepared, workflow, services),
  ];
  const table: EvidenceTable = {
    schema_version: "1",
    notice: RESEARCH_USE_ONLY,
    workflow_id: workflow,
    created_at: services.now().toISOString(),
    protein: { ...about(protein), name: prepared.name, sequence },
    scores: scores.status,
    alignment: { ...alignment.status, ...(spearman !== undefined && { spearman_llr_pssm: spearman }) },
    retrieval: prepared.retrieval,
    ...(prepared.resolution && { resolution: prepared.resolution }),
    sources: sources.statuses,
    rows: rows.sort(byPosition),
    refused: sources.refused,
    not_scored: prepared.not_scored,
  };
  await writeFile(workflow, "table", table, services);
  services.telemetry.info("The evidence of a workflow was joined", {
    workflow,
    rows: rows.length,
    refused: sources.refused.length,
  });
}

function about({
  accession,
  gene,
  taxon,
}: Omit<ResolvedProtein, "sequence">): Omit<EvidenceTable["protein"], "name" | "sequence"> {
  return {
    ...(accession !== undefined && { accession }),
    ...(gene !== undefined && { gene }),
    ...(taxon !== undefined && { taxon }),
  };
}

interface Scores {
  readonly status: EvidenceTable["scores"];
  readonly found?: { readonly result: VariantEffects; readonly job: LedgerItem };
}

async function readScores(
  { workflow, score }: Gathered,
  prepared: Prepared,
  error: string | undefined,
  services: StepServices,
): Promise<Scores> {
  if (!score) return { status: prepared.score };
  const jobId = (await services.workflows.read(workflow))?.job_id;
  const job = jobId === undefined ? undefined : await services.ledger.read(jobId);
  const failed = (reason: string): Scores => ({
    status: { status: "failed", ...(jobId !== undefined && { job_id: jobId }), reason },
  });
  if (job?.state !== "completed" || job.output_location === undefined) {
    return failed(job?.reason ?? error ?? "the model gave no result");
  }
  let result: VariantEffects;
  try {
    result = readResult(await services.objects.readText(job.output_location), job);
  } catch (fault) {
    return failed(reasonOfFile(fault));
  }
  const status: EvidenceTable["scores"] = {
    status: "ok",
    job_id: job.output_id,
    s3_output_path: job.output_location,
    weights: result.model.weights,
  };
  return { status, found: { result, job } };
}

/** How the alignment ended: where the function gave no answer, as a job left it. */
async function endOf(
  { workflow, gathered: [, , { alignment }] }: Gathered,
  { objects, settings }: StepServices,
): Promise<Ended<AlignmentAnswer> | undefined> {
  if (alignment === undefined || alignment.answer) return alignment;
  const key = workflowFile(workflow, "alignment", ALIGNMENT_ENDED);
  const text = await objects.readText(s3Uri({ bucket: settings.bucketName, key }));
  if (text !== undefined) return parseStored(text, key) as Ended<AlignmentAnswer>;
  return { error: alignment.error ?? { Error: "NoAnswer", Cause: `The job ${alignment.job ?? ""} left no answer.` } };
}

interface Aligned {
  readonly status: EvidenceTable["alignment"];
  readonly conservation?: Conservation;
  readonly provenance: Provenance;
}

async function readAlignment(
  prepared: Prepared,
  alignment: Ended<AlignmentAnswer> | undefined,
  services: StepServices,
): Promise<Aligned> {
  const none = { source: "", source_version: "", retrieved_at: "", url: "", licence: "" };
  if (alignment?.error) {
    return { status: { status: "failed", reason: reasonOf(alignment.error) }, provenance: none };
  }
  const answer = alignment?.answer;
  if (answer === undefined) return { status: prepared.alignment, provenance: none };
  let conservation: Conservation;
  try {
    conservation = (await readJson(answer.conservation, services)) as Conservation;
  } catch (fault) {
    return { status: { status: "failed", reason: reasonOfFile(fault) }, provenance: none };
  }
  const { aligner, sequences, n_eff, note } = conservation;
  const failed = [
    ...answer.failed.map(({ unique_entry_id: id, reason }) => `${id}: ${reason}`),
    ...[unlistedText(answer)].filter((text) => text !== undefined),
  ];
  const status: EvidenceTable["alignment"] = {
    status: "ok" satisfies PartStatus["status"],
    ...(failed.length > 0 && { reason: `not aligned: ${failed.join("; ")}` }),
    aligner,
    sequences,
    n_eff,
    ...(note !== undefined && { note }),
    s3_alignment_path: s3Uri(answer.alignment),
    s3_sequence_info_path: s3Uri(answer.aligned_sequence_info),
  };
  const provenance = {
    source: `alignment of this workflow (${aligner})`,
    source_version: `${sequences} sequences, N_eff ${n_eff.toFixed(2)}${note === undefined ? "" : `, ${note}`}`,
    retrieved_at: services.now().toISOString(),
    url: s3Uri(answer.conservation),
    licence: "computed from the sequences of the caller",
  };
  return { status, conservation, provenance };
}

/** The variants of the genome that the scored variants come from. */
function embeddedRows({ embedded }: Prepared, workflow: string, { now, settings }: StepServices): EvidenceRow[] {
  return embedded.map(({ variant, variant_ids: ids }) => {
    const positions = variant.split(";").map((site) => Number(site.slice(1, -1)));
    return {
      start: Math.min(...positions),
      end: Math.max(...positions),
      variant,
      kind: OWN_KINDS.genome,
      value: ids.join(", "),
      source: "regions of the caller",
      source_version: "as submitted",
      retrieved_at: now().toISOString(),
      url: `s3://${settings.bucketName}/evidence/${workflow}/regions.json`,
      licence: "that of the caller",
    };
  });
}

/** Rows about the whole protein first, then by position, variant, kind and source. */
function byPosition(a: EvidenceRow, b: EvidenceRow): number {
  return (
    (a.start ?? 0) - (b.start ?? 0) ||
    (a.end ?? 0) - (b.end ?? 0) ||
    compare(a.variant ?? "", b.variant ?? "") ||
    compare(a.kind, b.kind) ||
    compare(a.source, b.source)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
