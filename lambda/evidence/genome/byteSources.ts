import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { InputError } from "../../../contract/errors.js";
import { parseS3Uri } from "../../../contract/storage.js";
import { namesOf } from "../../shared/awsCall.js";
import { tooLargeFile, TransientError, type ByteRange, type ByteSource } from "./byteFile.js";

/** Names of the errors of S3 after which another request does not succeed, and what they mean. */
const S3_REFUSALS: Readonly<Record<string, string>> = {
  NoSuchKey: "does not exist",
  NoSuchBucket: "does not exist: there is no such bucket",
  AccessDenied: "cannot be read: access is denied, or it does not exist",
  Forbidden: "cannot be read: access is denied, or it does not exist",
  InvalidObjectState: "is archived: restore it first",
  InvalidRange: "is shorter than its index says: the index belongs to another file",
};

/** An object of S3. */
export function s3Source(url: string, s3: S3Client): ByteSource {
  const { bucket, key } = parseS3Uri(url);
  return {
    url,
    fetch: async (range, maxBytes, signal) => {
      const get = new GetObjectCommand({ Bucket: bucket, Key: key, ...(range && { Range: rangeHeader(range) }) });
      try {
        const { Body, ContentLength = 0 } = await s3.send(get, { abortSignal: signal });
        if (range === undefined && ContentLength > maxBytes) throw tooLargeFile(url, maxBytes);
        return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
      } catch (error) {
        if (error instanceof InputError) throw error;
        const refusal = namesOf(error).flatMap((name) => S3_REFUSALS[name] ?? [])[0];
        if (refusal !== undefined) throw unreadable(`${url} ${refusal}.`, error);
        throw new TransientError(`${url} was not read.`, { cause: error });
      }
    },
  };
}

/** A file of a web server that answers requests for ranges. */
export function httpSource(url: string, get: typeof fetch = fetch): ByteSource {
  return {
    url,
    fetch: async (range, maxBytes, signal) => {
      const response = await answer(url, range, signal, get);
      if (range !== undefined && response.status !== 206) {
        await response.body?.cancel();
        throw unreadable(`The server of ${url} does not answer requests for a part of a file; copy the file to S3.`);
      }
      const length = Number(response.headers.get("content-length") ?? 0);
      if (range === undefined && length > maxBytes) {
        await response.body?.cancel();
        throw tooLargeFile(url, maxBytes);
      }
      return body(url, response, range === undefined ? maxBytes : range.to - range.from);
    },
  };
}

/** A file of this machine. */
export function fileSource(url: string): ByteSource {
  return {
    url,
    fetch: async (range, maxBytes) => {
      try {
        const file = await open(fileURLToPath(url));
        try {
          const { size } = await file.stat();
          if (range === undefined && size > maxBytes) throw tooLargeFile(url, maxBytes);
          const { from, to } = range ?? { from: 0, to: size };
          const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from));
          await file.read(bytes, 0, bytes.length, from);
          return bytes;
        } finally {
          await file.close();
        }
      } catch (error) {
        if (error instanceof InputError) throw error;
        const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
        throw unreadable(`${url} ${missing ? "does not exist" : "cannot be read"}.`, error);
      }
    },
  };
}

async function answer(
  url: string,
  range: ByteRange | undefined,
  signal: AbortSignal,
  get: typeof fetch,
): Promise<Response> {
  let response: Response;
  try {
    response = await get(url, {
      // Another host may be one that must not be called.
      redirect: "manual",
      headers: range === undefined ? {} : { range: rangeHeader(range) },
      signal,
    });
  } catch (error) {
    throw new TransientError(`${url} was not read.`, { cause: error });
  }
  const { status } = response;
  if (response.ok) return response;
  await response.body?.cancel();
  if (status === 429 || status >= 500) throw new TransientError(`${url} answered ${status}.`);
  if (status >= 300 && status < 400) throw unreadable(`${url} is at another address now; give that one.`);
  if (status === 416) throw unreadable(`${url} is shorter than its index says: the index belongs to another file.`);
  throw unreadable(`${url} ${status === 404 ? "does not exist" : "cannot be read"} (the server answered ${status}).`);
}

/** Reads what was asked for, and no more: a server may send a whole genome. */
async function body(url: string, response: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const next = await reader?.read();
      if (next === undefined || next.done) return new Uint8Array(Buffer.concat(chunks));
      chunks.push(next.value);
      length += next.value.length;
      if (length > most) break;
    }
  } catch (error) {
    throw new TransientError(`${url} was not read to its end.`, { cause: error });
  }
  await reader?.cancel();
  throw unreadable(`The server of ${url} sent more than was asked for.`);
}

function rangeHeader({ from, to }: ByteRange): string {
  return `bytes=${from}-${to - 1}`;
}

function unreadable(message: string, cause?: unknown): InputError {
  return new InputError("GENOME_UNREADABLE", message, cause === undefined ? {} : { cause });
}
