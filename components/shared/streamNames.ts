/** Names of the stream of submissions, fixed in advance: log groups are created before their functions, and producers look for them. */
export interface StreamNames {
  /** The stream of Kinesis. */
  readonly stream: string;
  /** The function that submits its records, and the first part of the name of its role. */
  readonly submitter: string;
}

/** @param prefix first part of all names of the stack */
export function streamNames(prefix: string): StreamNames {
  return { stream: `${prefix}-submissions`, submitter: `${prefix}-stream` };
}
