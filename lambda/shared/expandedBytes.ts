import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../contract/errors.js";

/** The first bytes of a gzip file (RFC 1952). */
const GZIP = [0x1f, 0x8b];

/**
 * The content of a file that may be compressed with gzip, which is recognised by its first bytes.
 *
 * @param maxBytes most bytes of the content: a small file can expand to any size
 * @throws InputError `FILE_TOO_LARGE`, or `FILE_UNREADABLE` if the compressed file is damaged
 */
export async function* expandedBytes(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, all } = await withHead(bytes);
  const content = GZIP.every((byte, index) => head[index] === byte) ? gunzipped(all) : all;
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new InputError(
        "FILE_TOO_LARGE",
        `The text of the file has more than ${maxBytes / 1e6} MB; split the file.`,
        {
          details: { limit_bytes: maxBytes },
        },
      );
    }
    yield chunk;
  }
}

/** The first two bytes, and all bytes with them. */
async function withHead(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly all: AsyncGenerator<Uint8Array, void, undefined> }> {
  const chunks = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let next = await chunks.next();
  while (!next.done && head.length < GZIP.length) {
    head = Buffer.concat([head, next.value]);
    if (head.length < GZIP.length) next = await chunks.next();
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (head.length > 0) yield head;
      while (!(next = await chunks.next()).done) yield next.value;
    } finally {
      await chunks.return?.();
    }
  }
  return { head, all: all() };
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  // Its errors end the iteration below too.
  const content = pipeline(Readable.from(bytes, { objectMode: false }), createGunzip(), () => undefined);
  try {
    for await (const chunk of content) yield chunk as Buffer;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new InputError(
      "FILE_UNREADABLE",
      "The file begins as a gzip file, but is damaged or incomplete; compress and upload it again.",
    );
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
