import { PREFIXES } from "./storage.js";

/** One call of the workflow API in the audit. It never has a sequence. */
export interface AuditItem {
  /** `audit/{uuid}` */
  readonly output_id: string;
  /** `audit/{day}`, by which the items of a day are found. */
  readonly state: string;
  /** When, ISO 8601. */
  readonly submitted_at: string;
  readonly expires_at: number;
  readonly owner: string;
  readonly action: string;
  readonly workflow_id?: string;
  readonly source_ip: string;
  /** `OK`, or the code of the error. */
  readonly result: string;
  readonly request_id: string;
}

/** The value of `state` of the audit of a day, such as `audit/2026-11-25`. */
export function auditState(day: string): string {
  return `audit/${day}`;
}

/** Key of the archive of the audit of a day, such as `audit/2026/11/2026-11-25.jsonl`. */
export function auditArchiveKey(day: string): string {
  return `${PREFIXES.audit}${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.jsonl`;
}
