import type { JobState, LedgerItem } from "../../contract/jobs.js";
import type { Telemetry } from "./telemetry.js";

/** A code of the container or of the tools, as a reason begins with it. A protein has no underscore. */
const CODE = /^([A-Z]+(?:_[A-Z]+)+): /;

/** How an attempt ended; `at` is ISO 8601. */
export interface JobEnd {
  readonly state: JobState;
  readonly at: string;
  readonly reason?: string;
}

/**
 * Logs the end of an attempt, for the saved queries of the stack: how long it took from its submission and from the moment
 * that it was sent. Of a reason only the code is logged: its text can have residues in it.
 */
export function logEnd(job: LedgerItem, { state, at, reason }: JobEnd, telemetry: Telemetry): void {
  const seconds = (from: string): number => Math.max(0, Math.round((Date.parse(at) - Date.parse(from)) / 100) / 10);
  const { output_id, attempt, sequence_length, submitted_at, sent_at = submitted_at } = job;
  telemetry.info("Job ended", {
    output_id,
    attempt,
    sequence_length,
    state,
    total_seconds: seconds(submitted_at),
    sent_seconds: seconds(sent_at),
    ...(reason !== undefined && { reason_code: CODE.exec(reason)?.[1] ?? (state === "expired" ? "EXPIRED" : "OTHER") }),
  });
}
