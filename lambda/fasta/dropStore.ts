import { ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { PREFIXES } from "../../contract/storage.js";
import { awsCall } from "../shared/awsCall.js";
import type { PinnedVersion } from "../shared/versionServices.js";
import { openObject, type OpenObject } from "../shared/openObject.js";

/** A file that was split into parts. Its object is written when all its parts are. */
export interface Drop {
  /** UUID from key, content and model version. */
  readonly drop: string;
  readonly key: string;
  /** ETag of the upload that it was read from last. */
  readonly etag: string;
  readonly records: number;
  readonly parts: number;
  /** ISO 8601 */
  readonly started_at: string;
  /** Absent for a file that an earlier release read. */
  readonly model?: PinnedVersion;
}

/**
 * The objects of a part:
 * - `records`: what was read from the file
 * - `manifest`: written when all its records are submitted
 * - `top`: rows of the CSV
 * - `ended`: the manifest with the ends of all its jobs, written after `top`
 */
export type PartKind = "records" | "manifest" | "top" | "ended";

/** Uploads, and the parts into which they are split: below `fasta-drops/{drop}/`. */
export class DropStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /**
   * Opens an upload.
   *
   * @param etag only this version of it (default: any)
   * @returns undefined if it was deleted, or replaced by another version
   */
  open(key: string, etag?: string): Promise<OpenObject | undefined> {
    return openObject(this.#s3, this.#bucket, key, etag);
  }

  /** The ETag of an upload; undefined if there is none. */
  async etagOf(key: string): Promise<string | undefined> {
    const list = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: key, MaxKeys: 1 });
    const { Contents = [] } = await awsCall("s3:ListBucket", this.#s3.send(list));
    return Contents.find((object) => object.Key === key)?.ETag;
  }

  /** The facts about a drop; undefined if its file was not split, or it was deleted. */
  async readDrop(drop: string): Promise<Drop | undefined> {
    const text = await this.#read(dropKey(drop));
    return text === undefined ? undefined : (JSON.parse(text) as Drop);
  }

  async writeDrop(drop: Drop): Promise<void> {
    await this.write(dropKey(drop.drop), JSON.stringify(drop), "application/json");
  }

  /** The text of a part; undefined if it was not written yet. */
  async readPart(drop: string, kind: PartKind, part: number): Promise<string | undefined> {
    return this.#read(partKey(drop, kind, part));
  }

  async writePart(drop: string, kind: PartKind, part: number, text: string): Promise<void> {
    await this.write(partKey(drop, kind, part), text, "text/plain; charset=utf-8");
  }

  /** The numbers of the parts of one kind that were written: at most 100, which is less than a page of S3's list. */
  async partsOf(drop: string, kind: PartKind): Promise<ReadonlySet<number>> {
    const Prefix = `${PREFIXES.drops}${drop}/${kind}/`;
    const list = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix });
    const { Contents = [] } = await awsCall("s3:ListBucket", this.#s3.send(list));
    return new Set(Contents.map(({ Key = "" }) => Number(Key.slice(Prefix.length))));
  }

  /** Writes an object of any key. */
  async write(key: string, text: string, contentType: string): Promise<void> {
    const put = new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: text, ContentType: contentType });
    await awsCall("s3:PutObject", this.#s3.send(put));
  }

  async #read(key: string): Promise<string | undefined> {
    const object = await this.open(key);
    if (object === undefined) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of object.bytes) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
  }
}

function dropKey(drop: string): string {
  return `${PREFIXES.drops}${drop}/drop.json`;
}

function partKey(drop: string, kind: PartKind, part: number): string {
  return `${PREFIXES.drops}${drop}/${kind}/${String(part).padStart(4, "0")}`;
}

/** The objects of the lines of a text. */
export function linesOf<Line>(text: string): Line[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** A text with one line of JSON for each object. */
export function jsonLines(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
