import { ToolError, type ErrorCode } from "../../contract/errors.js";
import { MAX_ERROR_BYTES } from "../../contract/limits.js";
import type { ToolFailure, ToolSuccess } from "../../contract/tools.js";
import { jsonBytes } from "./jsonBytes.js";

/** The result of a tool: a sentence for people, and the data. */
export interface Done<Data> {
  readonly message: string;
  readonly data: Data;
}

/** The answer of a tool that succeeded. */
export function success<Data>({ message, data }: Done<Data>, now: Date): ToolSuccess<Data> {
  return { success: true, message, timestamp: now.toISOString(), data };
}

/**
 * The answer of a tool that failed, at most {@link MAX_ERROR_BYTES} as JSON. An internal error has only the request's
 * id: the log has the reason under this id.
 *
 * @param requestId Lambda's id of the call
 */
export function failure(error: unknown, requestId: string, now: Date): ToolFailure {
  const timestamp = now.toISOString();
  if (!(error instanceof ToolError)) {
    const code: ErrorCode = "INTERNAL_ERROR";
    return {
      success: false,
      error_code: code,
      message: `The service failed; the log has the reason under request ${requestId}. Call again, or ask the owner of the stack.`,
      details: { correlation_id: requestId },
      timestamp,
    };
  }
  const { code, message, details, faults } = error;
  const withFaults = (count: number): ToolFailure => {
    const shown = count < faults.length ? { ...details, faults: faults.length, listed: count } : details;
    return {
      success: false,
      error_code: code,
      message,
      ...(count > 0 && { errors: faults.slice(0, count) }),
      ...(shown !== undefined && { details: shown }),
      timestamp,
    };
  };
  let count = faults.length;
  while (count > 0 && jsonBytes(withFaults(count)) > MAX_ERROR_BYTES) count = Math.floor(count / 2);
  while (count < faults.length && jsonBytes(withFaults(count + 1)) <= MAX_ERROR_BYTES) count += 1;
  return withFaults(count);
}
