import type { S3Client } from "@aws-sdk/client-s3";
import { ToolError, type ErrorCode } from "../../../contract/errors.js";
import { s3Uri, type S3Location } from "../../../contract/storage.js";
import type { NotScored, PartStatus } from "../../../contract/evidenceTable.js";
import { workflowFile, type WorkflowRequest } from "../../../contract/workflow.js";
import type { FailedSequence } from "../../../contract/evidence.js";
import type { JobServices } from "../../shared/services.js";
import type { Waits } from "../../shared/waits.js";
import { parseStored } from "../storedJson.js";
import type { AuditLog } from "../workflow/audit.js";
import type { WorkflowStore } from "../workflow/workflowStore.js";

/** The services of the steps of workflows. */
export interface StepServices extends JobServices {
  readonly s3: S3Client;
  readonly waits: Waits;
  readonly workflows: WorkflowStore;
  readonly audit: AuditLog;
}

/** What is known before the branches of a workflow run, as it is kept in S3. */
export interface Prepared {
  readonly name: string;
  /** Canonical variants that are scored (`K10A;L12V`). */
  readonly variants: readonly string[];
  /** The variants of the genome that a variant comes from. */
  readonly embedded: readonly { readonly variant: string; readonly variant_ids: readonly string[] }[];
  readonly not_scored: readonly NotScored[];
  readonly retrieval: PartStatus & { readonly sequences?: number; readonly failed?: readonly FailedSequence[] };
  /** Why nothing is known of the accession, or the model does not score the protein; absent if all is well. */
  readonly resolution?: PartStatus;
  readonly score: PartStatus;
  readonly alignment: PartStatus;
}

type Files = Pick<StepServices, "objects" | "settings">;

/** Reads a request. */
export async function readRequestOf(workflow: string, services: Files): Promise<Omit<WorkflowRequest, "regions">> {
  return (await readFile(workflow, "request", services)) as Omit<WorkflowRequest, "regions">;
}

/**
 * Reads a JSON file of a workflow.
 *
 * @throws ToolError if it was deleted
 */
export async function readFile(
  workflow: string,
  file: Parameters<typeof workflowFile>[1],
  services: Files,
): Promise<unknown> {
  return readJson({ bucket: services.settings.bucketName, key: workflowFile(workflow, file) }, services);
}

/** Writes a JSON file of a workflow. */
export async function writeFile(
  workflow: string,
  file: Parameters<typeof workflowFile>[1],
  value: unknown,
  { objects, settings }: Files,
): Promise<void> {
  await objects.writeJson(settings.bucketName, workflowFile(workflow, file), JSON.stringify(value));
}

/** Errors of a file that another try does not change: the other parts of the workflow are still good. */
const UNUSABLE: readonly ErrorCode[] = ["RESULT_ARCHIVED", "RESULT_UNREADABLE"];

/**
 * Why the file of a part cannot be used.
 *
 * @throws every other error, after which the step is tried again
 */
export function reasonOfFile(error: unknown): string {
  if (error instanceof ToolError && UNUSABLE.includes(error.code)) return error.message;
  throw error;
}

/**
 * Reads a JSON object in S3.
 *
 * @throws ToolError if there is none, or it is damaged
 */
export async function readJson(location: S3Location, { objects }: Pick<Files, "objects">): Promise<unknown> {
  const text = await objects.readText(s3Uri(location));
  if (text !== undefined) return parseStored(text, location.key);
  throw new ToolError("RESULT_UNREADABLE", `A file of the workflow is not there: ${location.key}.`);
}
