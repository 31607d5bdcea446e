/** Why the twin could not start or go on. */
export const TWIN_ERROR_CODES = {
  PORT_IN_USE: "the port that was asked for is taken",
  NOT_INSTALLED: "a program that the twin starts is not installed",
  PROCESS_FAILED: "a program that the twin started ended or did not become ready",
  MODEL_UNAVAILABLE: "the model can be neither found nor fetched",
  INVALID_OPTION: "an option cannot be read",
  UNKNOWN_INVOKE: "the program asks AWS something that the twin cannot answer",
  UNREADABLE_ASSET: "an archive of the program holds something that cannot be written to disk",
} as const;

export type TwinErrorCode = keyof typeof TWIN_ERROR_CODES;

/** An error of the twin, with a message that names the value and the mend. */
export class TwinError extends Error {
  override readonly name = "TwinError";

  constructor(
    readonly code: TwinErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
