import { ToolError } from "../../../contract/errors.js";
import type { EvidenceRow, SourceAnswer } from "../../../contract/evidence.js";
import { RESEARCH_USE_ONLY, type EvidenceTable } from "../../../contract/evidenceTable.js";
import { s3Uri } from "../../../contract/storage.js";
import { workflowFile } from "../../../contract/workflow.js";
import type { Done } from "../../shared/answers.js";
import { parseStored } from "../storedJson.js";
import { ownWorkflow, RETRY_SECONDS, statusOf } from "./ownWorkflow.js";
import type { WorkflowServices } from "./services.js";

/** Largest table in an answer, in bytes of JSON: Lambda's answers have at most 6 MB, and in an API it is text in JSON. */
const LARGEST_TABLE = 2_500_000;

/** Most rows of one position in an answer. */
const MOST_ROWS = 50;

/** `data` of the results of a workflow. */
export interface WorkflowResults {
  readonly workflow_id: string;
  readonly status: "completed";
  readonly evidence: EvidenceTable | null;
  readonly table_url: string;
  readonly page_url: string;
  readonly s3_table_path: string;
  readonly notice: string;
}

/** @throws ToolError `UNKNOWN_WORKFLOW`, or `NO_RESULT` for a workflow that is not completed */
export async function getResults(
  id: string,
  owner: string,
  services: WorkflowServices,
): Promise<Done<WorkflowResults>> {
  const item = await ownWorkflow(id, owner, services);
  const status = statusOf(item);
  if (status !== "completed") {
    const wait = status === "running" ? RETRY_SECONDS : null;
    const why = wait === null ? `it ended as ${status}: ${item.reason ?? "the reason is unknown"}` : "it has not ended";
    const details = { workflow_id: id, status, retry_after_seconds: wait };
    throw new ToolError("NO_RESULT", `The workflow has no result: ${why}.`, { details });
  }
  const at = (file: "table" | "page"): string =>
    s3Uri({ bucket: services.settings.bucketName, key: workflowFile(id, file) });
  const text = await tableText(id, services);
  const fits = Buffer.byteLength(text) <= LARGEST_TABLE;
  const [tableUrl, pageUrl] = await Promise.all([
    services.objects.downloadLink(at("table")),
    services.objects.downloadLink(at("page")),
  ]);
  return {
    message: RESEARCH_USE_ONLY,
    data: {
      workflow_id: id,
      status,
      evidence: fits ? tableIn(text, id) : null,
      table_url: tableUrl,
      page_url: pageUrl,
      s3_table_path: at("table"),
      notice: RESEARCH_USE_ONLY,
    },
  };
}

/** What the newest completed workflow of a job says about one position. */
export interface PositionEvidence {
  readonly workflow_id: string | null;
  readonly rows: readonly EvidenceRow[];
  readonly sources: readonly Pick<SourceAnswer, "source" | "status" | "reason">[];
  readonly left_out: number;
  readonly notice: string;
}

/** The evidence of one position, for a job of the caller's newest completed workflow. */
export async function explainPosition(
  { jobId, position }: { readonly jobId: string; readonly position: number },
  owner: string,
  services: WorkflowServices,
): Promise<Done<PositionEvidence>> {
  const id = await services.workflows.ofJob(jobId, owner, services.now());
  const table = id === undefined ? undefined : tableIn(await tableText(id, services), id);
  const rows = (table?.rows ?? []).filter(
    ({ start, end = start }) => start !== undefined && end !== undefined && start <= position && position <= end,
  );
  const sources = (table?.sources ?? []).map(({ source, status, reason }) => ({
    source,
    status: status === "failed" ? ("unavailable" as const) : status,
    ...(reason !== undefined && { reason }),
  }));
  return {
    message: RESEARCH_USE_ONLY,
    data: {
      workflow_id: id ?? null,
      rows: rows.slice(0, MOST_ROWS),
      sources,
      left_out: Math.max(0, rows.length - MOST_ROWS),
      notice: RESEARCH_USE_ONLY,
    },
  };
}

function tableIn(text: string, id: string): EvidenceTable {
  return parseStored(text, workflowFile(id, "table")) as EvidenceTable;
}

async function tableText(id: string, { objects, settings }: WorkflowServices): Promise<string> {
  const text = await objects.readText(s3Uri({ bucket: settings.bucketName, key: workflowFile(id, "table") }));
  if (text !== undefined) return text;
  throw new ToolError("RESULT_UNREADABLE", "The table of the workflow was deleted; start the workflow again.", {
    details: { workflow_id: id },
  });
}
