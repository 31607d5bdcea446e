import { createHmac } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

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
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export async function signUploadForm(
  s3: S3Client,
  args: { bucket: string; key: string; now: Date; seconds: number; maxBytes: number },
): Promise<UploadForm> {
  const { bucket, key, now, seconds, maxBytes } = args;
  const [credentials, region, url] = await Promise.all([
    s3.config.credentials(),
    s3.config.region(),
    addressOf(s3, bucket),
  ]);
  const expiration = new Date(now.getTime() + seconds * 1_000).toISOString();
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [time.slice(0, 8), region, "s3", "aws4_request"];
  const signed = {
    key,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": [credentials.accessKeyId, ...scope].join("/"),
    "x-amz-date": time,
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  const conditions = [{ bucket }, ...Object.entries(signed).map(([name, value]) => ({ [name]: value }))];
  const policy = Buffer.from(
    JSON.stringify({ expiration, conditions: [...conditions, ["content-length-range", 1, maxBytes]] }),
  ).toString("base64");
  return {
    url,
    fields: { ...signed, policy, "x-amz-signature": policySignature(policy, credentials.secretAccessKey, scope) },
    max_bytes: maxBytes,
    expires_at: expiration,
  };
}

/**
 * The signature of a policy.
 *
 * @param policy in base64
 * @param scope date, region, service and `aws4_request`
 */
export function policySignature(policy: string, secretAccessKey: string, scope: readonly string[]): string {
  return hmac(scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`), policy).toString("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** The address of the bucket as the client itself would call it, in any partition and with any endpoint. */
async function addressOf(s3: S3Client, bucket: string): Promise<string> {
  const { origin, pathname } = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucket, Key: "k" })));
  return `${origin}${pathname.slice(0, -1)}`;
}
