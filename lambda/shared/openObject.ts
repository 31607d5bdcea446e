import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { InputError } from "../../contract/errors.js";
import { MAX_FASTA_BYTES } from "../../contract/limits.js";
import { awsCall, namesOf } from "./awsCall.js";

/** An object that is being read. */
export interface OpenObject {
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
  readonly bytes: Readable;
}

/**
 * Opens an object of S3.
 *
 * @param etag only this version of it (default: any)
 * @returns undefined if it does not exist, or was replaced by another version
 */
export async function openObject(
  s3: S3Client,
  bucket: string,
  key: string,
  etag?: string,
): Promise<OpenObject | undefined> {
  const get = new GetObjectCommand({ Bucket: bucket, Key: key, ...(etag !== undefined && { IfMatch: etag }) });
  try {
    const { Body, ETag = "", ContentLength = 0 } = await awsCall("s3:GetObject", s3.send(get));
    if (!(Body instanceof Readable)) throw new TypeError("S3 answered without a stream.");
    return { etag: ETag, size: ContentLength, bytes: Body };
  } catch (error) {
    if (namesOf(error).some((name) => name === "NoSuchKey" || name === "PreconditionFailed")) return undefined;
    throw error;
  }
}

/** Why an upload is not read; undefined if it is read. One that is not read is closed. */
export function tooLarge({ size, bytes }: OpenObject): InputError | undefined {
  if (size <= MAX_FASTA_BYTES) return undefined;
  bytes.destroy();
  return new InputError(
    "FILE_TOO_LARGE",
    `The file has ${Math.ceil(size / 1e6)} MB, the maximum is ${MAX_FASTA_BYTES / 1e6} MB; split or compress it.`,
  );
}

/** Reads an object to its end. @returns its SHA-256 in hexadecimal digits */
export async function hashOf({ bytes }: OpenObject): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
