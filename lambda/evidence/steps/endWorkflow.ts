import { outputIdOf } from "../../../contract/jobs.js";
import type { EvidenceTable } from "../../../contract/evidenceTable.js";
import { workflowFile, type StateError } from "../../../contract/workflow.js";
import { evidencePage } from "./evidencePage.js";
import { readFile, type StepServices } from "./services.js";
import { reasonOf } from "./stateError.js";

/** Writes the page of a joined workflow, and records that it is completed. */
export async function reportEvidence(workflow: string, services: StepServices): Promise<void> {
  const { ledger, objects, settings, workflows, now } = services;
  const table = (await readFile(workflow, "table", services)) as EvidenceTable;
  const key = workflowFile(workflow, "page");
  await objects.writeText(settings.bucketName, key, evidencePage(table), "text/html; charset=utf-8");
  const { job_id: jobId } = table.scores;
  const facts = { completed_at: now().toISOString(), ...(jobId !== undefined && { job_id: jobId }) };
  // Repeated, the end changes nothing; the item is then read for its owner.
  const item = (await workflows.end(workflow, "completed", facts)) ?? (await workflows.read(workflow));
  if (item?.state !== "workflow_completed") return;
  const { sequence } = table.protein;
  const job = jobId === undefined ? undefined : await ledger.read(jobId);
  const digest = job?.image_digest ?? settings.modelVersion;
  const plain = outputIdOf({ sequence, scoring: "masked-marginals" }, digest);
  for (const id of new Set([plain, ...(jobId === undefined ? [] : [jobId])])) await workflows.point(id, item);
}

/** Records that a workflow failed, and why. */
export async function failWorkflow(
  workflow: string,
  error: StateError,
  { workflows, telemetry, now }: StepServices,
): Promise<void> {
  await workflows.end(workflow, "failed", { completed_at: now().toISOString(), reason: reasonOf(error) });
  telemetry.info("A workflow failed", { workflow, error: error.Error });
}
