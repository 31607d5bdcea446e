import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ToolError } from "../../contract/errors.js";
import { DOWNLOAD_LINK_SECONDS, MAX_FASTA_BYTES, UPLOAD_FORM_SECONDS } from "../../contract/limits.js";
import { parseS3Uri } from "../../contract/storage.js";
import { awsCall, namesOf } from "./awsCall.js";
import { signUploadForm, type UploadForm } from "./uploadForm.js";

/** Storage classes whose objects must be restored before they can be read, which takes hours. */
const ARCHIVED: readonly string[] = ["GLACIER", "DEEP_ARCHIVE"];

/** Properties of an object in S3. */
export interface StoredObject {
  /** Time of the last change, ISO 8601. */
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
    await this.writeText(bucket, key, text, "application/json");
  }

  /** Writes a text. */
  async writeText(bucket: string, key: string, text: string, contentType = "text/plain; charset=utf-8"): Promise<void> {
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType });
    await awsCall("s3:PutObject", this.#s3.send(put));
  }

  /** The object at an S3 address, without its content; undefined if there is none. */
  async find(uri: string): Promise<StoredObject | undefined> {
    const { bucket, key } = parseS3Uri(uri);
    // A list request, because HeadObject answers 403 for a missing key unless the role may list the *whole* bucket.
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
    const { Contents } = await awsCall("s3:ListBucket", this.#s3.send(list));
    const found = Contents?.find((object) => object.Key === key);
    if (found === undefined) return undefined;
    return {
      modifiedAt: (found.LastModified ?? new Date()).toISOString(),
      archived: ARCHIVED.includes(found.StorageClass ?? "STANDARD"),
    };
  }

  /**
   * The text of the object at an S3 address; undefined if there is none.
   *
   * @throws ToolError `RESULT_ARCHIVED` if the object must be restored before it can be read
   */
  async readText(uri: string): Promise<string | undefined> {
    const { bucket, key } = parseS3Uri(uri);
    try {
      const { Body } = await awsCall("s3:GetObject", this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
      return (await Body?.transformToString("utf-8")) ?? "";
    } catch (error) {
      if (namesOf(error).includes("NoSuchKey")) return undefined;
      if (namesOf(error).includes("InvalidObjectState")) throw archived(uri);
      // S3 answers AccessDenied for a missing key too, unless the role may list the whole bucket.
      const denied = error instanceof ToolError && error.code === "ACCESS_DENIED";
      if (denied && (await this.find(uri)) === undefined) return undefined;
      throw error;
    }
  }

  /** A presigned link: everybody who has it can download the object for {@link DOWNLOAD_LINK_SECONDS}. */
  async downloadLink(uri: string): Promise<string> {
    const { bucket, key } = parseS3Uri(uri);
    return getSignedUrl(this.#s3, new GetObjectCommand({ Bucket: bucket, Key: key }), {
      expiresIn: DOWNLOAD_LINK_SECONDS,
    });
  }

  /** A form with which everybody who has it can write this one object, once or more, for {@link UPLOAD_FORM_SECONDS}. */
  async uploadForm(bucket: string, key: string): Promise<UploadForm> {
    return signUploadForm(this.#s3, { bucket, key, seconds: UPLOAD_FORM_SECONDS, maxBytes: MAX_FASTA_BYTES });
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html */
function archived(uri: string): ToolError {
  return new ToolError(
    "RESULT_ARCHIVED",
    "The stored result is in an archive storage class. Submit the protein again to compute it again, or let the owner " +
      "of the bucket restore the object, which takes minutes to days.",
    { details: { s3_output_path: uri } },
  );
}
