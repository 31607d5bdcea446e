/** One record of a FASTA file, its header included. */
export interface FastaRecord {
  /** First word of the header; absent if there is no header, or an empty one. */
  readonly name?: string;
  /** The unchanged text of the record, for `invoke_endpoint` to clean and check. */
  readonly text: string;
}

/** The start of a header line, with the white space before it. The `m` flag is not used: it also splits at U+2028. */
const HEADER_START = /(?<=^|[\r\n])(?=[^\S\r\n]*>)/;

/** A header line and the first word of it. */
const HEADER = /^\s*>[^\S\r\n]*([^\s]+)/;

/**
 * Splits a FASTA file into its records. Lines before the first header are a record without a name.
 *
 * @param text the file's content, with or without a byte order mark
 * @returns the records in order; an empty list if the file has only white space
 */
export function splitFasta(text: string): FastaRecord[] {
  return text
    .replace(/^\ufeff/, "")
    .split(HEADER_START)
    .filter((record) => record.trim() !== "")
    .map((record) => {
      const name = HEADER.exec(record)?.[1];
      return name === undefined ? { text: record } : { name, text: record };
    });
}
