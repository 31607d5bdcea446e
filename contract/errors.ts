/** Every error code of the tools, and when it is returned. */
export const ERROR_CODES = {
  UNKNOWN_TOOL: "the call names no tool, or a tool that does not exist",
  INVALID_INPUT: "an argument is missing, unknown, or of the wrong type",
  EMPTY_SEQUENCE: "the sequence has no residues",
  SEQUENCE_TOO_LONG: "the sequence has more residues than the maximum",
  INVALID_RESIDUE: "the sequence has a character that is not one of the 20 standard amino acids",
  DNA_SEQUENCE: "the sequence has only the letters of DNA; allow_dna_letters takes it as a protein",
  MULTIPLE_SEQUENCES: "the text has more than one FASTA record; one protein is expected",
  NOT_TEXT: "the sequence, or a record of the stream, is binary data, not text",
  EMPTY_FILE: "the FASTA file has no record",
  FILE_TOO_LARGE: "the FASTA file has too many records or bytes, or expands to too many bytes",
  FILE_UNREADABLE: "the FASTA file does not exist, or is a damaged gzip file",
  FASTA_OFF: "the stack takes no FASTA files; its operator can set fastaDrop",
  INVALID_REGION: "an entry of a file of regions cannot be used: its positions, strand, frames or names",
  INVALID_GENOME_VARIANT: "a variant of the genome cannot be read, does not fit the genome, or overlaps another",
  GENOME_UNREADABLE: "the file of a genome, or its index, cannot be read",
  NO_PROTEIN: "the exons, or the exons with their variants, give no protein",
  ALIGNER_MISSING: "the program that aligns sequences is not installed",
  ALIGNMENT_FAILED: "the sequences cannot be aligned",
  INVALID_VARIANT: "a variant cannot be read, or is of a kind that is not scored",
  WILD_TYPE_MISMATCH: "a variant's wild-type residue is not the residue in the sequence",
  INVALID_POSITIONS: "a position or range cannot be read, or is outside the protein",
  JOB_TOO_LONG: "the model would take longer than the time limit of one invocation",
  INVALID_OUTPUT_ID: "the output_id is not a UUID",
  INVALID_TAG: "a tag is empty, too long, or has a control character, or there are too many",
  INVALID_NEXT_TOKEN: "next_token is not one that list_jobs returned for the same status and tag",
  BUDGET_EXCEEDED: "the budget of the month is used up, and no new job is taken; results are still answered",
  TOO_MANY_ATTEMPTS: "the job failed as often as the stack allows; its operator can raise maxAttempts",
  UNKNOWN_MODEL: "the stack has no model version of this name",
  NO_ACTIVE_MODEL: "the active pointer names no version of the stack, or cannot be read; its operator can activate one",
  UNKNOWN_JOB: "no job has this output_id, or the job is older than the retention period",
  UNKNOWN_WORKFLOW: "the caller has no workflow with this id, or it is older than its retention period",
  NO_RESULT: "the job or workflow has no result: it has not ended yet, or it ended without one",
  ENDPOINT_UNAVAILABLE: "the endpoint does not exist, or is not in service",
  ACCESS_DENIED: "the function's role does not allow an AWS call that the tool needs",
  SERVICE_BUSY: "an AWS service throttled the call or did not answer in time",
  RESULT_UNREADABLE: "the stored result cannot be read",
  RESULT_ARCHIVED: "the stored result is archived and must be restored before it can be read",
  INTERNAL_ERROR: "the service itself failed",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One of several faults: its code, the argument, and a message that names the value and the fix. */
export interface Fault {
  readonly error_code: ErrorCode;
  readonly message: string;
  readonly argument?: string;
}

/** Machine-readable facts about an error: JSON values, never a whole sequence. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** Most items that a message lists; the others are counted. */
export const LISTED = 5;

/** Most characters of the caller's text that a message repeats: never a whole protein. */
const QUOTED = 40;

/** The caller's text in quotation marks, shortened to {@link QUOTED} characters. */
export function quoted(text: string): string {
  return `'${shortened(text)}'`;
}

/** The caller's text, shortened to {@link QUOTED} characters. */
export function shortened(text: string): string {
  if (text.length <= QUOTED) return text;
  // A character outside the basic plane has two halves: half of one is not a character.
  return `${text.slice(0, QUOTED).replace(/[\ud800-\udbff]$/, "")}...`;
}

/** The first {@link LISTED} items, and how many more there are. */
export function listed(items: readonly string[], separator = "; "): string {
  const more = items.length > LISTED ? ` and ${items.length - LISTED} more` : "";
  return items.slice(0, LISTED).join(separator) + more;
}

/**
 * An error with a code from {@link ERROR_CODES} and a message that says what the caller can do. A message stays under
 * 700 bytes: `quoted` and `listed` shorten what it repeats.
 */
export class ToolError extends Error {
  override readonly name: string = "ToolError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;
  readonly faults: readonly Fault[];

  /**
   * @param code the kind of error
   * @param message names the value and the fix
   * @param options.details machine-readable facts, such as the first offending positions
   * @param options.faults all faults, if one call has several
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

/** An error in the caller's input: nothing was stored or started, and there is no cost. */
export class InputError extends ToolError {
  override readonly name = "InputError";
}
