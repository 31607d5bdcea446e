import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { awsCall } from "../../shared/awsCall.js";
import type { SourceError } from "./sourceError.js";

/** Bytes of one part: DynamoDB takes items of 400 KB with their names and keys. */
const PART_BYTES = 350 * 1024;

/** Most parts of one answer: a larger one is not kept, and asked for again each time. */
const MAX_PARTS = 32;

/** Parts outlive the item that names them: whoever read that item can still read them. */
export const PARTS_LONGER_SECONDS = 3_600;

/** What is kept of an answer. */
export interface Kept<Content> {
  readonly content: Content;
  /** When the source was asked, ISO 8601. */
  readonly retrievedAt: string;
}

/** Identifies an answer. */
export interface AnswerKey {
  readonly source: string;
  readonly schemaVersion: number;
  /** What was asked for, such as an accession. */
  readonly key: string;
}

/** The item of an answer: which of its parts hold it, or that there is none, and who asks for it now. */
export interface Head {
  readonly fresh_until?: number;
  readonly retrieved_at?: string;
  /** Id and number of the parts of the last answer. */
  readonly generation?: string;
  readonly parts?: number;
  readonly status?: SourceError["status"];
  readonly reason?: string;
  /** Accessions that are there instead. */
  readonly replaced_by?: readonly string[];
  readonly flight_until?: number;
}

/** The items of answers in the table: for each a head, and compressed parts of its content. */
export class AnswerItems {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
    private readonly now: () => number,
  ) {}

  /** The head of an answer; undefined if there is none. */
  async head(id: string): Promise<Head | undefined> {
    return this.read(id);
  }

  /** The kept answer; undefined if one of its parts is gone or damaged. */
  async content<Content>(id: string, head: Head): Promise<Kept<Content> | undefined> {
    const parts = await Promise.all(
      Array.from({ length: head.parts ?? 0 }, (_, part) => this.read(partId(id, head.generation ?? "", part))),
    );
    const bytes = parts.map((part) => part?.["bytes"] as Uint8Array | undefined);
    if (!bytes.every((part) => part !== undefined)) return undefined;
    try {
      const text = (await promisify(gunzip)(Buffer.concat(bytes))).toString("utf8");
      return { content: JSON.parse(text) as Content, retrievedAt: head.retrieved_at ?? "" };
    } catch {
      return undefined;
    }
  }

  /** Writes the parts; undefined if there would be too many. */
  async writeParts(id: string, generation: string, content: object, ttl: number): Promise<number | undefined> {
    const bytes = await promisify(gzip)(JSON.stringify(content));
    const count = Math.ceil(bytes.byteLength / PART_BYTES);
    if (count > MAX_PARTS) return undefined;
    for (let part = 0; part < count; part += 1) {
      const Item = {
        id: partId(id, generation, part),
        bytes: bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
        expires_at: seconds(this.now()) + ttl + PARTS_LONGER_SECONDS,
      };
      await awsCall("dynamodb:PutItem", this.documents.send(new PutCommand({ TableName: this.table, Item })));
    }
    return count;
  }

  private async read(id: string): Promise<Record<string, unknown> | undefined> {
    const get = new GetCommand({ TableName: this.table, Key: { id }, ConsistentRead: true });
    return (await awsCall("dynamodb:GetItem", this.documents.send(get))).Item;
  }
}

/** The key has no sequence in the clear: what is asked for may be one. */
export function idOf({ source, schemaVersion, key }: AnswerKey): string {
  return `answer/${source}/${schemaVersion}/${createHash("sha256").update(key).digest("hex")}`;
}

function partId(id: string, generation: string, part: number): string {
  return `${id}/${generation}/${part}`;
}

export function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
