import { InputError, type ErrorCode } from "../../contract/errors.js";
import { fastaText, isHeader } from "../../contract/fasta.js";
import { MAX_FASTA_RECORDS, MAX_FASTA_TEXT_BYTES, MAX_SEQUENCE_LENGTH } from "../../contract/limits.js";
import { cleanSequence, sequenceTooLong } from "../../contract/sequence.js";
import { plainSpaces } from "../../contract/whitespace.js";
import { ByteLines, type ByteLine } from "./byteLines.js";
import { expandedBytes } from "./expandedBytes.js";

/** Most bytes of the text of one record that are kept, header and white space included: 1 MiB. */
const MAX_RECORD_BYTES = 1 << 20;

interface RecordPlace {
  /** 0-based number of the record in the file. */
  readonly index: number;
  /** 1-based line on which the record begins. */
  readonly line: number;
  /** First word of the header, of any length; absent if there is no header, or an empty one. */
  readonly name?: string;
}

/** One record of a FASTA file: its residues, in upper case, or why it cannot be scored. */
export type FastaRecord = RecordPlace &
  ({ readonly sequence: string } | { readonly error: { readonly code: ErrorCode; readonly message: string } });

/** Limits of a whole file. */
export interface FastaLimits {
  /**
   * Most records.
   *
   * @default 10,000
   */
  readonly maxRecords?: number;
  /**
   * Most bytes of the text, after decompression.
   *
   * @default 200 MB
   */
  readonly maxTextBytes?: number;
}

/**
 * Reads the records of a FASTA file, as it is or compressed with gzip, in constant memory. Headers and sequences have the
 * rules of `splitFasta` and `cleanSequence`. A record with a fault does not stop the others.
 *
 * @param bytes the content of the file
 * @throws InputError `EMPTY_FILE`, `FILE_TOO_LARGE` or `FILE_UNREADABLE`, after the records before the fault
 */
export async function* fastaRecords(
  bytes: AsyncIterable<Uint8Array>,
  { maxRecords = MAX_FASTA_RECORDS, maxTextBytes = MAX_FASTA_TEXT_BYTES }: FastaLimits = {},
): AsyncGenerator<FastaRecord, void, undefined> {
  const lines = new ByteLines(MAX_RECORD_BYTES);
  const records = new RecordAssembler();
  let count = 0;
  for await (const found of recordsIn(bytes, lines, records, maxTextBytes)) {
    if (count === maxRecords) throw tooManyRecords(maxRecords);
    count += 1;
    yield found;
  }
  if (count === 0) {
    throw new InputError("EMPTY_FILE", "The file has no FASTA record; upload one with a header and a sequence.");
  }
}

async function* recordsIn(
  bytes: AsyncIterable<Uint8Array>,
  lines: ByteLines,
  records: RecordAssembler,
  maxTextBytes: number,
): AsyncGenerator<FastaRecord, void, undefined> {
  for await (const chunk of expandedBytes(bytes, maxTextBytes)) {
    for (const line of lines.push(chunk)) yield* records.add(line);
  }
  for (const line of lines.end()) yield* records.add(line);
  yield* records.end();
}

function tooManyRecords(limit: number): InputError {
  return new InputError("FILE_TOO_LARGE", `The file has more than ${limit} records; split it into several files.`, {
    details: { limit_records: limit },
  });
}

/** Puts the lines of records together. Of a record that is too long, only the first {@link MAX_RECORD_BYTES} are kept. */
class RecordAssembler {
  #index = 0;
  #line = 0;
  #firstLine = 1;
  #inHeader = false;
  #bytes = 0;
  #residues = 0;
  #texts: string[] = [];

  /** Adds a line. Returns the record before it, if it begins the next one. */
  add({ bytes, startsLine }: ByteLine): FastaRecord[] {
    const text = plainSpaces(bytes.toString("utf8"));
    if (startsLine) this.#line += 1;
    const begins = startsLine && isHeader(text);
    const finished = begins ? this.end() : [];
    if (this.#bytes === 0) {
      // Lines of white space before the first record belong to none.
      if (text.trim() === "") return finished;
      this.#firstLine = this.#line;
    }
    if (startsLine) this.#inHeader = begins;
    this.#bytes += bytes.length;
    if (!this.#inHeader) this.#residues += text.replace(/\s+/g, "").length;
    if (this.#bytes <= MAX_RECORD_BYTES) this.#texts.push(text);
    return finished;
  }

  /** The last record; none if there are no lines. */
  end(): FastaRecord[] {
    if (this.#bytes === 0) return [];
    const { name, text } = fastaText(this.#texts.join(""));
    const place = { index: this.#index, line: this.#firstLine, ...(name !== undefined && { name }) };
    const tooLong = this.#bytes > MAX_RECORD_BYTES;
    const length = this.#residues;
    this.#bytes = 0;
    this.#residues = 0;
    this.#texts = [];
    this.#index += 1;
    try {
      if (tooLong) throw length > MAX_SEQUENCE_LENGTH ? sequenceTooLong(length) : textTooLong();
      return [{ ...place, sequence: cleanSequence(text).sequence }];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return [{ ...place, error: { code: error.code, message: error.message } }];
    }
  }
}

function textTooLong(): InputError {
  return new InputError(
    "SEQUENCE_TOO_LONG",
    `The record has more than ${MAX_RECORD_BYTES} bytes of header and white space; shorten its header.`,
  );
}
