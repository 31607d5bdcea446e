import { ToolError, type ErrorCode } from "../../contract/errors.js";
import type { ToolFailure, ToolSuccess } from "../../contract/tools.js";

/** What a tool did: a line for people, and the data. */
export interface Done<Data> {
  readonly message: string;
  readonly data: Data;
}

/** The answer of a tool that did what was asked. */
export function success<Data>({ message, data }: Done<Data>, now: Date): ToolSuccess<Data> {
  return { success: true, message, timestamp: now.toISOString(), data };
}

/**
 * The answer of a tool that could not. An error of ours says only where its story is found: the log, under the
 * request's id.
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
      message: `The service failed; its log has the reason under request ${requestId}. Call again, or tell the stack's owner.`,
      details: { correlation_id: requestId },
      timestamp,
    };
  }
  return {
    success: false,
    error_code: error.code,
    message: error.message,
    ...(error.faults.length > 0 && { errors: error.faults }),
    ...(error.details !== undefined && { details: error.details }),
    timestamp,
  };
}
