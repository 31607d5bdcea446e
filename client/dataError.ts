/** A file or a result cannot be used for what is asked; the message says why, and what can. */
export class DataError extends Error {
  override readonly name = "DataError";
}
