import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ToolError } from "../../contract/errors.js";
import { DOWNLOAD_LINK_SECONDS } from "../../contract/limits.js";
import { parseS3Uri } from "../../contract/storage.js";
import { awsCall, namesOf } from "./awsCall.js";

/** Storage classes from which an object must be restored, within hours, before it can be read. */
const ARCHIVED: readonly string[] = ["GLACIER", "DEEP_ARCHIVE"];

/** What S3 knows of an object without reading it. */
export interface StoredObject {
  /** ISO 8601 */
  readonly modifiedAt: string;
  /** Whether it must be restored before it can be read. */
  readonly archived: boolean;
}

/** The objects that the tools read and write. */
export class ObjectStore {
  readonly #s3: S3Client;

  constructor(s3: S3Client) {
    this.#s3 = s3;
  }

  /** Writes a JSON text. */
  async writeJson(bucket: string, key: string, text: string): Promise<void> {
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "application/json" });
    await awsCall("s3:PutObject", this.#s3.send(put));
  }

  /** What lies at an S3 address; undefined where nothing does. */
  async find(uri: string): Promise<StoredObject | undefined> {
    const { bucket, key } = parseS3Uri(uri);
    // A listing, because a HEAD of a missing key is 403 unless the role may list the *whole* bucket.
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
    const { Contents } = await awsCall("s3:ListBucket", this.#s3.send(list));
    const found = Contents?.find((object) => object.Key === key);
    if (found === undefined) return undefined;
    return {
      modifiedAt: (found.LastModified ?? new Date()).toISOString(),
      archived: ARCHIVED.includes(found.StorageClass ?? "STANDARD"),
    };
  }

  /** The text of the object at an S3 address; undefined where nothing lies there, or where it was archived. */
  async readText(uri: string): Promise<string | undefined> {
    const { bucket, key } = parseS3Uri(uri);
    try {
      const { Body } = await awsCall("s3:GetObject", this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
      return (await Body?.transformToString("utf-8")) ?? "";
    } catch (error) {
      if (namesOf(error).some((name) => ["NoSuchKey", "InvalidObjectState"].includes(name))) return undefined;
      // S3 says "denied" of a missing key too, to a role that may not list the whole bucket.
      const denied = error instanceof ToolError && error.code === "ACCESS_DENIED";
      if (denied && (await this.find(uri)) === undefined) return undefined;
      throw error;
    }
  }

  /** A link from which anyone who has it can download the object at an S3 address for {@link DOWNLOAD_LINK_SECONDS}. */
  async downloadLink(uri: string): Promise<string> {
    const { bucket, key } = parseS3Uri(uri);
    return getSignedUrl(this.#s3, new GetObjectCommand({ Bucket: bucket, Key: key }), {
      expiresIn: DOWNLOAD_LINK_SECONDS,
    });
  }
}
