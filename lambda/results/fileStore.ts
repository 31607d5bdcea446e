import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { AsyncBuffer } from "hyparquet";
import { awsCall, namesOf } from "../shared/awsCall.js";

/** Most keys of one DeleteObjects request. */
const KEYS_PER_DELETE = 1_000;

/** Status codes with which S3 refuses a conditional write: the object exists, or another write is in progress. */
const NOT_WRITTEN: readonly (number | undefined)[] = [409, 412];

/** A file of the result store. */
export interface StoredFile {
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
}

/** The Parquet files of one bucket. */
export class FileStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** The files below a prefix, in the order of their keys. */
  async list(prefix: string): Promise<StoredFile[]> {
    const pages = await this.#pages(prefix);
    return pages.flatMap(({ Contents }) => Contents ?? []).map(({ Key = "", Size = 0 }) => ({ key: Key, size: Size }));
  }

  /** The folders directly below a prefix, each with its ending slash. */
  async folders(prefix: string): Promise<string[]> {
    const pages = await this.#pages(prefix, "/");
    return pages.flatMap(({ CommonPrefixes }) => CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix);
  }

  /** The content of a file; undefined if it was deleted. */
  async read(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#get(key);
    } catch (error) {
      if (namesOf(error).includes("NoSuchKey")) return undefined;
      throw error;
    }
  }

  /** A file whose parts are read on demand. */
  parts({ key, size }: StoredFile): AsyncBuffer {
    return {
      byteLength: size,
      slice: async (start, end = size) => {
        // A copy, because the bytes can be a Buffer: a part of a larger ArrayBuffer.
        return new Uint8Array(await this.#get(key, `bytes=${start}-${end - 1}`)).buffer;
      },
    };
  }

  /** Writes a file, in place of the one with the same key. */
  async write(key: string, content: Uint8Array): Promise<void> {
    await awsCall("s3:PutObject", this.#s3.send(this.#put(key, content)));
  }

  /**
   * Writes a file unless there is one with the same key.
   *
   * @returns false if there is one
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   */
  async create(key: string, content: Uint8Array): Promise<boolean> {
    try {
      await this.#s3.send(this.#put(key, content, { IfNoneMatch: "*" }));
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && NOT_WRITTEN.includes(error.$metadata.httpStatusCode)) return false;
      throw error;
    }
  }

  /** Deletes files. */
  async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += KEYS_PER_DELETE) {
      const Objects = keys.slice(start, start + KEYS_PER_DELETE).map((Key) => ({ Key }));
      const request = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } });
      const { Errors: [error] = [] } = await awsCall("s3:DeleteObject", this.#s3.send(request));
      if (error) throw new Error(`${error.Key ?? "A file"} was not deleted: ${error.Code ?? "unknown error"}.`);
    }
  }

  async #pages(prefix: string, delimiter?: string) {
    const pages = [];
    let next: string | undefined;
    do {
      const list = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        Delimiter: delimiter,
        ContinuationToken: next,
      });
      const page = await awsCall("s3:ListBucket", this.#s3.send(list));
      pages.push(page);
      next = page.NextContinuationToken;
    } while (next !== undefined);
    return pages;
  }

  async #get(key: string, range?: string): Promise<Uint8Array> {
    const get = new GetObjectCommand({ Bucket: this.#bucket, Key: key, Range: range });
    const { Body } = await awsCall("s3:GetObject", this.#s3.send(get));
    if (Body === undefined) throw new Error(`S3 answered without the content of ${key}.`);
    return Body.transformToByteArray();
  }

  #put(key: string, content: Uint8Array, condition: { IfNoneMatch?: "*" } = {}): PutObjectCommand {
    return new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: content,
      ContentType: "application/vnd.apache.parquet",
      ...condition,
    });
  }
}
