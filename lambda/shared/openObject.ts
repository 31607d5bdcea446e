import { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
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
