/** Codes of the errors of the twin. */
export const TWIN_ERROR_CODES = {
  PORT_IN_USE: "the requested port is in use",
  NOT_INSTALLED: "a program that the twin starts is not installed",
  PROCESS_FAILED: "a program that the twin started ended, or was not ready in time",
  MODEL_UNAVAILABLE: "the model is neither on this machine nor on the hub",
  UNKNOWN_INVOKE: "the program calls a function of a provider that the twin does not have",
  UNREADABLE_ASSET: "the code of a function holds something that the twin cannot write to disk",
} as const;

export type TwinErrorCode = keyof typeof TWIN_ERROR_CODES;

/** An error of the twin. Its message names the wrong value and the fix. */
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

/** The message of any value that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
