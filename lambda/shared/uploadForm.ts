import type { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";

/** A form with which a browser or curl uploads one file to S3. */
export interface UploadForm {
  readonly url: string;
  /** Fields of the form, which come before the field `file`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly max_bytes: number;
  /** ISO 8601 */
  readonly expires_at: string;
}

/**
 * Signs a form for one object. A presigned PUT could not limit the size of the file.
 *
 * @param args.seconds how long the form works
 * @param args.maxBytes most bytes of the file
 */
export async function signUploadForm(
  s3: S3Client,
  args: { bucket: string; key: string; seconds: number; maxBytes: number },
): Promise<UploadForm> {
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: args.bucket,
    Key: args.key,
    Expires: args.seconds,
    Conditions: [["content-length-range", 1, args.maxBytes]],
  });
  const policy = Buffer.from(fields["Policy"] ?? "", "base64").toString();
  const { expiration } = JSON.parse(policy) as { expiration: string };
  return { url, fields, max_bytes: args.maxBytes, expires_at: expiration };
}
