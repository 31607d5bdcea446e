/** Names of the way in for FASTA files, fixed in advance: alarms and log groups are created before what they watch. */
export interface FastaNames {
  /** The function; also the first part of the name of its role. */
  readonly function: string;
  readonly queue: string;
  readonly deadLetters: string;
}

/** @param prefix first part of all names of the stack */
export function fastaNames(prefix: string): FastaNames {
  const name = `${prefix}-fasta`;
  return { function: name, queue: `${name}-tasks`, deadLetters: `${name}-dead-letters` };
}
