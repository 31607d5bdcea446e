import * as z from "zod";
import type { S3Location } from "../../contract/storage.js";

const text = z.string().min(1);

/** The schema of an object or folder of S3 in a task. */
export const location = z.strictObject({ bucket: text, key: text }) satisfies z.ZodType<S3Location>;

/** A file of a folder of S3, whose key ends with `/` or not. */
export function fileIn({ bucket, key }: S3Location, name: string): S3Location {
  return { bucket, key: `${key.replace(/\/?$/, "/")}${name}` };
}
