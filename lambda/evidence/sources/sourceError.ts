/** A source has nothing, or cannot be asked: it is data, and never ends a workflow. */
export class SourceError extends Error {
  override readonly name = "SourceError";

  /**
   * @param status what became of the source
   * @param reason for the user, without keys, addresses with parameters, and sequences
   * @param retryAfterMs when it can be asked again, in milliseconds from now, where the source says so
   * @param replacedBy accessions that are there instead of the one that was asked for
   */
  constructor(
    readonly status: "not found" | "unavailable",
    readonly reason: string,
    readonly retryAfterMs?: number,
    readonly replacedBy: readonly string[] = [],
  ) {
    super(reason);
  }
}
