/** Answers after which the same request can succeed later. */
export const PASSING: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** A failure after which another attempt may succeed. */
export class PassingFailure extends Error {
  override readonly name = "PassingFailure";

  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** What statuses mean, for the user. */
export const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: "it cannot read the request",
  401: "it wants a key",
  403: "it does not allow the request",
  429: "too many requests",
  500: "it has a fault",
  502: "it has a fault",
  503: "it is not available",
  504: "it did not answer in time",
};

/** Whether a status is that of a redirect. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** The failure of a request without an answer. */
export function noConnection(error: unknown): Error {
  if (error instanceof Error && error.name === "TimeoutError") return new PassingFailure("it did not answer in time");
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  const code = typeof cause?.code === "string" ? ` (${cause.code})` : "";
  return new PassingFailure(`there is no connection${code}`);
}
