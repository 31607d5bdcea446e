/** One record of a FASTA file, its header included. */
export interface FastaRecord {
  /** First word of the header; absent where the file is one plain sequence. */
  readonly name?: string;
  /** The record as it stands, for `invoke_endpoint` to clean and check. */
  readonly text: string;
}

/**
 * Splits a FASTA file into its records; a file without headers is one plain sequence.
 *
 * @returns the records in order; none where the file holds nothing but blanks
 */
export function splitFasta(text: string): FastaRecord[] {
  return text
    .split(/^(?=>)/m)
    .filter((record) => record.trim() !== "")
    .map((record) => {
      const name = /^>\s*(\S+)/.exec(record)?.[1];
      return name === undefined ? { text: record } : { name, text: record };
    });
}
