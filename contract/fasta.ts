import { plainSpaces } from "./whitespace.js";

/** The text of one record of a FASTA file, its header included. */
export interface FastaText {
  /** First word of the header; absent if there is no header, or an empty one. */
  readonly name?: string;
  /** The unchanged text of the record, for `invoke_endpoint` to clean and check. */
  readonly text: string;
}

/** The place after a line end. Lines end with LF, CRLF or CR; the `m` flag is not used: it also splits at U+2028. */
const AFTER_LINE_END = /(?<=[\r\n])/;

/** A header line and the first word of it. */
const HEADER = /^\s*>[^\S\r\n]*([^\s]+)/;

/** Whether a line of {@link plainSpaces} is a header, which begins a record: `>`, perhaps after white space. */
export function isHeader(line: string): boolean {
  return line.trimStart().startsWith(">");
}

/**
 * Splits a FASTA file into its records. Lines before the first header are a record without a name.
 *
 * @param text the file's content, with or without byte order marks
 * @returns the records in order; an empty list if the file has only white space
 */
export function splitFasta(text: string): FastaText[] {
  const records: string[][] = [[]];
  for (const line of text.split(AFTER_LINE_END)) {
    if (isHeader(plainSpaces(line))) records.push([]);
    records.at(-1)?.push(line);
  }
  return records
    .map((lines) => lines.join(""))
    .filter((record) => plainSpaces(record).trim() !== "")
    .map(fastaText);
}

/** A record with its name. */
export function fastaText(text: string): FastaText {
  const name = HEADER.exec(plainSpaces(text))?.[1];
  return name === undefined ? { text } : { name, text };
}
