import type { GenericFilehandle } from "generic-filehandle2";
import { InputError } from "../../../contract/errors.js";

/** Part of a file: bytes from a place to another, which is not part of it. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Reads parts of a file, or all of it, in one request. */
export interface ByteSource {
  /** Address, for messages. */
  readonly url: string;
  /**
   * @param range undefined for the whole file. A part that reaches beyond the end is shorter
   * @param maxBytes most bytes of a whole file
   * @throws InputError `GENOME_UNREADABLE` if it cannot be read; TransientError if another try may succeed
   */
  fetch(range: ByteRange | undefined, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** The request failed, but another one may succeed. */
export class TransientError extends Error {
  override readonly name = "TransientError";
}

/** The error for a file that is larger than an index can be. */
export function tooLargeFile(url: string, maxBytes: number): InputError {
  return new InputError(
    "GENOME_UNREADABLE",
    `${url} has more than ${maxBytes / 1e6} MB: it is no index of a FASTA file.`,
  );
}

/** Bytes that are read, and the most that may be. */
export class ByteBudget {
  #read = 0;

  constructor(private readonly most: number) {}

  /** Bytes that were read. */
  get read(): number {
    return this.#read;
  }

  /** @throws InputError `GENOME_UNREADABLE` beyond the limit */
  take(bytes: number): void {
    if (this.#read + bytes > this.most) {
      throw new InputError(
        "GENOME_UNREADABLE",
        `The exons need more than ${this.most / 1e6} MB of the genome's file; give regions of one gene.`,
      );
    }
    this.#read += bytes;
  }
}

export interface RangeOptions {
  /** Longest time of one request, in milliseconds. @default 20000 */
  readonly requestMs?: number;
  /** Waits before another try, in milliseconds. @default real time */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Most bytes of an index: that of the human genome has 1 MB. */
const MAX_INDEX_BYTES = 32_000_000;

/** Most bytes of parts that are kept. */
const MAX_CACHED_BYTES = 16_000_000;

const REQUEST_MS = 20_000;

/** How often a request is tried. */
const TRIES = 3;

/** Wait before the second try, in milliseconds; doubled before the third. */
const FIRST_WAIT_MS = 200;

/** A file whose parts are read by range, as the readers of indexed formats expect it. Parts that were read are kept. */
export class RangeFile implements GenericFilehandle {
  /** What is read from now on counts here. */
  budget: ByteBudget | undefined;
  readonly #parts = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  #cached = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly options: RangeOptions = {},
  ) {}

  read(length: number, position: number): Promise<Uint8Array<ArrayBuffer>> {
    if (length === 0) return Promise.resolve(new Uint8Array(0));
    const key = `${position}+${length}`;
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const part = this.#tried({ from: position, to: position + length });
    if (this.#cached + length > MAX_CACHED_BYTES) {
      this.#parts.clear();
      this.#cached = 0;
    }
    this.#parts.set(key, part);
    this.#cached += length;
    part.catch(() => {
      if (this.#parts.delete(key)) this.#cached -= length;
    });
    return part;
  }

  readFile(): Promise<Uint8Array<ArrayBuffer>>;
  readFile(options: { encoding: BufferEncoding } | BufferEncoding): Promise<string>;
  async readFile(options?: unknown): Promise<Uint8Array<ArrayBuffer> | string> {
    const bytes = await this.#tried(undefined);
    const encoded =
      typeof options === "string" || (typeof options === "object" && options !== null && "encoding" in options);
    return encoded ? new TextDecoder().decode(bytes) : bytes;
  }

  /** Nothing that reads genomes asks for it. */
  stat(): Promise<{ size: number }> {
    return Promise.reject(new TypeError("The size of a file that is read by range is unknown."));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #tried(range: ByteRange | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const { requestMs = REQUEST_MS, wait = pause } = this.options;
    for (let attempt = 1; ; attempt++) {
      // Before the request, and for each of them: what is sent has been read.
      if (range !== undefined) this.budget?.take(range.to - range.from);
      try {
        return new Uint8Array(await this.source.fetch(range, MAX_INDEX_BYTES, AbortSignal.timeout(requestMs)));
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (attempt === TRIES) {
          throw new InputError(
            "GENOME_UNREADABLE",
            `${this.source.url} did not answer in ${TRIES} tries; try again later.`,
            {
              cause: error,
            },
          );
        }
        await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
      }
    }
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof TransientError || (error instanceof Error && error.name === "TimeoutError");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
