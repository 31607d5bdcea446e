const LF = 0x0a;
const CR = 0x0d;

/** A line of a text, with its line end. */
export interface ByteLine {
  readonly bytes: Buffer;
  /** Whether it is the start of a line: false for a further part of a line that is longer than the splitter keeps. */
  readonly startsLine: boolean;
}

/**
 * Splits bytes into lines, which end with LF, CRLF or CR. Line ends are single bytes in UTF-8, so that lines can be
 * decoded one by one. Lines longer than `maxLineBytes` come in several parts.
 */
export class ByteLines {
  #rest: Buffer = Buffer.alloc(0);
  #startsLine = true;
  readonly #maxLineBytes: number;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that end within the next bytes. */
  push(chunk: Uint8Array): ByteLine[] {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const lines: ByteLine[] = [];
    let start = 0;
    // What is left from the last call has no line end, except perhaps a CR as its last byte.
    for (let index = Math.max(this.#rest.length - 1, 0); index < bytes.length; index += 1) {
      const byte = bytes[index];
      // Whether a LF follows a CR at the end is known with the next bytes.
      const ends = byte === LF || (byte === CR && index + 1 < bytes.length && bytes[index + 1] !== LF);
      if (!ends) continue;
      lines.push(this.#line(bytes.subarray(start, index + 1), true));
      start = index + 1;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length > this.#maxLineBytes) {
      const length = this.#rest.length - (this.#rest.at(-1) === CR ? 1 : 0);
      lines.push(this.#line(this.#rest.subarray(0, length), false));
      this.#rest = this.#rest.subarray(length);
    }
    return lines;
  }

  /** What is left after the last line end. */
  end(): ByteLine[] {
    return this.#rest.length === 0 ? [] : [this.#line(this.#rest, true)];
  }

  #line(bytes: Buffer, ends: boolean): ByteLine {
    const line = { bytes, startsLine: this.#startsLine };
    this.#startsLine = ends;
    return line;
  }
}
