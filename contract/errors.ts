/** Every error code a tool can answer with, and when it does. */
export const ERROR_CODES = {
  UNKNOWN_TOOL: "the call names no tool, or one that does not exist",
  INVALID_INPUT: "an argument is missing, unknown, or of the wrong type",
  EMPTY_SEQUENCE: "the sequence holds no residue",
  SEQUENCE_TOO_LONG: "the sequence is longer than the service takes",
  INVALID_RESIDUE: "the sequence holds something other than the 20 standard amino acids",
  MULTIPLE_SEQUENCES: "more than one FASTA record where one protein is expected",
  NOT_TEXT: "the sequence is binary data, not text",
  INVALID_VARIANT: "a variant cannot be read, or is of a kind that is not scored",
  WILD_TYPE_MISMATCH: "a variant's wild-type residue is not the one in the sequence",
  INVALID_POSITIONS: "a position or range cannot be read, or lies outside the protein",
  INVALID_OUTPUT_ID: "the output_id is not a UUID",
  UNKNOWN_JOB: "no job has this output_id, or it is older than the retention period",
  ENDPOINT_UNAVAILABLE: "the endpoint does not exist, or is not in service",
  ACCESS_DENIED: "the function's role may not do what the call needs",
  SERVICE_BUSY: "an AWS service throttled the call or did not answer in time",
  RESULT_UNREADABLE: "the stored result cannot be read",
  INTERNAL_ERROR: "a fault of this service",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One fault among several: its code, the argument it concerns, and a message that names the value and the mend. */
export interface Fault {
  readonly error_code: ErrorCode;
  readonly message: string;
  readonly argument?: string;
}

/** What may accompany an error: JSON values, never a whole sequence. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An error with a code from {@link ERROR_CODES} and a message for the caller, who can mend it or wait. */
export class ToolError extends Error {
  override readonly name: string = "ToolError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;
  readonly faults: readonly Fault[];

  /**
   * @param code what went wrong
   * @param message names the value and the mend
   * @param options.details machine-readable facts, such as the offending positions
   * @param options.faults all faults, where one call holds several
   */
  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; faults?: readonly Fault[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.faults = options.faults ?? [];
  }
}

/** A fault in what the caller sent: nothing was stored, started or paid for. */
export class InputError extends ToolError {
  override readonly name = "InputError";
}
